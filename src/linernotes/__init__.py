"""One catalogue of recorded music, with the liner notes of every value."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy comes along with Arrow, and its idle threads spin

__version__ = "0.1.0"
