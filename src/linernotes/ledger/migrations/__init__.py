"""Alembic migrations of the ledger. `versions/` has one file per revision: `ledger_0001.py` is revision 0001.

A new one: change `tables.py`, write `versions/ledger_<next>.py` with both directions, and set `schema.HEAD`.
`tests/contract/test_ledger_schema.py` then compares what the migrations make with what `tables.py` says.
"""
