"""Alembic migrations of the ledger. `versions/` has one file per revision: `ledger_0001.py` is revision 0001."""
