"""The lake: bronze files, and silver and gold in DuckLake."""
