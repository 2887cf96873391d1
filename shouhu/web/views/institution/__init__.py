"""Pages of institutions: the list, one institution, its form, its events, the map and the import."""
