"""Providers: each answers one question about an entity."""
