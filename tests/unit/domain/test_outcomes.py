"""When a provider is asked again for what it did not know."""

from datetime import UTC, datetime, timedelta

import pytest

from linernotes.domain.outcomes import ask_again_at

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.mark.parametrize(("times", "days"), [(0, 1), (1, 1), (2, 2), (3, 4), (5, 16), (6, 32), (7, 32), (500, 32)])
def test_the_wait_doubles_up_to_a_month(times: int, days: int) -> None:
    assert ask_again_at(NOW, times) - NOW == timedelta(days=days)
