"""Discogs monthly dumps: https://data.discogs.com/."""
