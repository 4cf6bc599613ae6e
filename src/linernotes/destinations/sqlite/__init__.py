"""The published catalogue as an SQLite file: our own, in generations, or a file of somebody else's, mirrored."""
