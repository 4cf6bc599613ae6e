"""The command `liner`."""
