"""Small programs for people who work on Linernotes; `make help` lists what calls them."""
