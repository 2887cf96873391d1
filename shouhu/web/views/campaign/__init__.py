"""Pages of a running campaign."""
