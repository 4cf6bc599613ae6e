"""What dbt tells, in our words."""

from types import SimpleNamespace

import pytest

from linernotes.lake.outcomes import model_outcomes

OUT_OF_MEMORY = """Runtime Error in model release_summary (models/gold/release_summary.sql)
  Out of Memory Error: failed to pin block of size 256.0 KiB (762.6 MiB/762.9 MiB used)

  Possible solutions:
  * Reducing the number of threads (SET threads=X)"""


@pytest.mark.parametrize(
    ("status", "message", "told"),
    [
        ("success", "OK", ("success", "")),
        ("error", OUT_OF_MEMORY, ("error", "it does not fit into memory; set `[lake] memory_limit` higher")),
        ("runtime error", "Binder Error:\n  no column x", ("error", "Binder Error: no column x")),
        ("skipped", None, ("skipped", "")),
    ],
)
def test_a_failure_is_told_in_one_line(status: str, message: str | None, told: tuple[str, str]) -> None:
    node = SimpleNamespace(name="release_summary", resource_type="model", unique_id="model.x")
    result = SimpleNamespace(node=node, status=status, execution_time=1.0, message=message)
    (outcome,) = model_outcomes([result], {})
    assert (outcome.status, outcome.message) == told
