"""格: the bytes of a file become sheets of plain cells; what is hostile, damaged or of another kind is refused first."""
