"""Providers that are answered from files which the user brings: what their files look like."""
