"""What supervision holds as a scope may see it, one noun a file."""
