"""Sources: they hand out records as received."""
