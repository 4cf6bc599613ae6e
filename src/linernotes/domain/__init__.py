"""Pure decisions about music and its records: no I/O, no clock."""
