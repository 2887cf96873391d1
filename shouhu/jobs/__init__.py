"""The clock's face: commands that write to the database, each a thin call."""
