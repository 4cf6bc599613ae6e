"""The ledger: small, transactional state in SQLite or PostgreSQL."""
