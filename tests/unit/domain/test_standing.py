"""When a provider is asked, left alone, or given up."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linernotes.domain.outcomes import Outcome
from linernotes.domain.standing import ProviderState, Standing, after

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
EARLIER = NOW - timedelta(hours=3)
READY = Standing(provider="deezer", state=ProviderState.READY, changed_at=EARLIER, answered_at=EARLIER)


def following(*outcomes: Outcome) -> Standing:
    standing = READY
    for outcome in outcomes:
        standing = after(standing, outcome, now=NOW, reason="why")
    return standing


@pytest.mark.parametrize("outcome", [Outcome.OK, Outcome.NOT_FOUND])
def test_an_answer_of_use_makes_good_all_before(outcome: Outcome) -> None:
    broken = following(*[Outcome.TRANSIENT] * 9)
    assert after(broken, outcome, now=NOW) == Standing(
        provider="deezer", state=ProviderState.READY, changed_at=NOW, answered_at=NOW
    )


@pytest.mark.parametrize("outcome", [Outcome.TRANSIENT, Outcome.MALFORMED, Outcome.REFUSED])
def test_one_failure_changes_nothing_but_the_count(outcome: Outcome) -> None:
    assert following(outcome) == Standing(
        provider="deezer",
        state=ProviderState.READY,
        failures=1,
        reason="why",
        changed_at=NOW,
        answered_at=EARLIER,
    )


def test_a_failure_may_have_no_reason() -> None:
    assert after(READY, Outcome.TRANSIENT, now=NOW).reason == ""


@pytest.mark.parametrize(
    ("times", "state", "minutes"),
    [
        (4, ProviderState.READY, None),
        (5, ProviderState.BROKEN, 1),
        (6, ProviderState.BROKEN, 2),
        (10, ProviderState.BROKEN, 32),
        (11, ProviderState.BROKEN, 60),
        (5_000, ProviderState.BROKEN, 60),
    ],
)
@pytest.mark.parametrize("outcome", [Outcome.TRANSIENT, Outcome.MALFORMED])
def test_what_fails_again_and_again_is_left_alone_ever_longer(
    outcome: Outcome, times: int, state: ProviderState, minutes: int | None
) -> None:
    standing = following(*[outcome] * times)
    until = NOW + timedelta(minutes=minutes) if minutes else None
    assert (standing.state, standing.until, standing.failures) == (state, until, times)


@pytest.mark.parametrize(("wait", "seconds"), [(7200.0, 7200), (3.0, 3), (None, 60)])
def test_a_provider_is_left_alone_as_long_as_it_asks(wait: float | None, seconds: int) -> None:
    parked = after(READY, Outcome.QUOTA, now=NOW, wait_seconds=wait)
    assert (parked.state, parked.until) == (ProviderState.PARKED, NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize(("failures", "wait", "seconds"), [(0, 30.0, 30), (4, 30.0, 60), (4, 90.0, 90), (0, 0.0, None)])
def test_a_server_in_trouble_is_given_the_time_it_asks_for(failures: int, wait: float, seconds: int | None) -> None:
    standing = following(*[Outcome.TRANSIENT] * failures)
    waiting = after(standing, Outcome.TRANSIENT, now=NOW, wait_seconds=wait)
    assert waiting.until == (NOW + timedelta(seconds=seconds) if seconds else None)


def test_who_refuses_again_and_again_waits_for_a_person() -> None:
    assert following(Outcome.REFUSED, Outcome.REFUSED).state is ProviderState.READY
    refused = following(Outcome.REFUSED, Outcome.REFUSED, Outcome.REFUSED)
    assert (refused.state, refused.until) == (ProviderState.REFUSED, NOW + timedelta(days=1))


@pytest.mark.parametrize(
    ("until", "expected"), [(None, True), (NOW, True), (NOW + timedelta(microseconds=1), False), (EARLIER, True)]
)
def test_a_provider_may_be_asked_when_its_time_has_come(until: datetime | None, *, expected: bool) -> None:
    standing = Standing(provider="any", state=ProviderState.PARKED, until=until, changed_at=NOW)
    assert standing.may_be_asked(NOW) is expected


@given(st.lists(st.sampled_from(Outcome), max_size=30))
def test_whatever_happened_a_provider_is_asked_again_within_a_day(outcomes: list[Outcome]) -> None:
    assert following(*outcomes).may_be_asked(NOW + timedelta(days=1))
