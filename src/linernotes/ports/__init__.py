"""Protocols between use cases and adapters, and the plain data that crosses them."""
