"""One catalogue of recorded music, with the liner notes of every value."""

__version__ = "0.1.0"
