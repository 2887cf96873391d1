"""The clock's face: commands that write to the database, each a thin call."""

STAMP = ".stamp"
"""In the folder of static files: that the desk was made ready, and by what."""
