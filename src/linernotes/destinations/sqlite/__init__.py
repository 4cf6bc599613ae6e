"""The published catalogue as SQLite files."""
