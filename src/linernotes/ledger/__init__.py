"""The ledger: what was run, read, set aside and published. `opening.open_ledger` is the way in."""
