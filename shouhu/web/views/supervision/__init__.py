"""Pages of supervision, one noun a file."""
