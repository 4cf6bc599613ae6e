"""One revision each; once released, a file here is not changed any more."""
