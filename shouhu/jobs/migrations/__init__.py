"""Migrations of what the schedule remembers."""
