"""Policies of enrichment as people write them: YAML documents, those that come with Linernotes among them."""
