"""Rules as data: what is known decides the colour; what is not known never turns it green."""
