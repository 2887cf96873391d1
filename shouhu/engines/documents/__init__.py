"""文书: workbooks of offices in, official annexes and letters out."""
