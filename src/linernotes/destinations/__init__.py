"""Destinations: they take rows of the catalogue."""
