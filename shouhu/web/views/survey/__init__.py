"""Pages of surveying: rounds and coverage, who surveys what, filling in, review, and the form for the phone."""
