"""Verdicts on counts, impossible dates, and which of two duplicates stays."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linernotes.domain.validation import (
    EARLIEST_YEAR,
    SEVERITIES,
    Check,
    Measurement,
    Policy,
    Severity,
    choose_survivor,
    find_impossible_date,
    has_errors,
    judge,
)

TODAY = date(2026, 3, 15)
POLICY = Policy()


def measured(check: Check, count: int, of: int = 0) -> Measurement:
    return Measurement(check=check, table="release", count=count, of=of, examples=("release 1",))


def test_a_check_that_found_nothing_is_not_told() -> None:
    assert judge([measured(check, 0) for check in Check], POLICY) == ()


def test_a_finding_says_what_was_measured() -> None:
    (finding,) = judge([measured(Check.WITHOUT_ARTIST, 3)], POLICY)
    assert (finding.severity, finding.check, finding.table, finding.count, finding.examples) == (
        Severity.ERROR,
        Check.WITHOUT_ARTIST,
        "release",
        3,
        ("release 1",),
    )


def test_every_check_has_a_severity() -> None:
    assert set(SEVERITIES) == set(Check)


@pytest.mark.parametrize(
    "check",
    [
        Check.WITHOUT_ARTIST,
        Check.WITHOUT_ALBUM,
        Check.DUPLICATE,
        Check.REFUSED,
        Check.FOREIGN_KEY,
        Check.INTEGRITY,
        Check.FALL,
    ],
)
def test_what_would_break_a_reader_is_an_error(check: Check) -> None:
    assert has_errors(judge([measured(check, 1)], POLICY))


@pytest.mark.parametrize(
    "check",
    [Check.WITHOUT_TRACK, Check.MISSING_REFERENCE, Check.REPEATED_IDENTIFIER, Check.IMPOSSIBLE_DATE],
)
def test_what_the_source_says_wrongly_is_a_warning(check: Check) -> None:
    findings = judge([measured(check, 1)], POLICY)
    assert [finding.severity for finding in findings] == [Severity.WARNING]
    assert not has_errors(findings)


def test_errors_come_before_warnings_and_otherwise_the_order_stays() -> None:
    found = [
        measured(Check.MISSING_REFERENCE, 1),
        measured(Check.INTEGRITY, 1),
        measured(Check.IMPOSSIBLE_DATE, 1),
        measured(Check.DUPLICATE, 1),
    ]
    assert [finding.check for finding in judge(found, POLICY)] == [
        Check.INTEGRITY,
        Check.DUPLICATE,
        Check.MISSING_REFERENCE,
        Check.IMPOSSIBLE_DATE,
    ]


def test_a_policy_may_judge_otherwise() -> None:
    lenient = Policy(severities={**SEVERITIES, Check.WITHOUT_ARTIST: Severity.WARNING})
    assert not has_errors(judge([measured(Check.WITHOUT_ARTIST, 1)], lenient))


@pytest.mark.parametrize(("lost", "is_error"), [(10, False), (11, True), (100, True)])
def test_a_fall_is_an_error_above_the_share_that_is_allowed(lost: int, is_error: bool) -> None:
    assert has_errors(judge([measured(Check.FALL, lost, of=100)], Policy(max_fall=0.1))) is is_error


def test_no_fall_is_allowed_where_the_share_is_zero() -> None:
    assert has_errors(judge([measured(Check.FALL, 1, of=1_000_000)], Policy(max_fall=0)))


def test_only_a_fall_is_measured_against_the_rows_looked_at() -> None:
    assert has_errors(judge([measured(Check.WITHOUT_ARTIST, 1, of=1_000_000)], POLICY))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1999-13-01", "there is no month 13"),
        ("1999-13", "there is no month 13"),
        ("2023-02-29", "month 2 has no day 29"),
        ("1999-04-31", "month 4 has no day 31"),
        ("1859", "before 1860"),
        ("1859-12-31", "before 1860"),
        ("0001", "before 1860"),
        ("2027", "in the future"),
        ("2026-04", "in the future"),
        ("2026-03-16", "in the future"),
        ("2026-04-00", "in the future"),
        (" 2999 ", "in the future"),
    ],
)
def test_a_date_that_cannot_be_says_why(text: str, reason: str) -> None:
    assert find_impossible_date(text, today=TODAY) == reason


@pytest.mark.parametrize(
    "text",
    [
        "1860",
        "1860-01-01",
        "1999",
        "1999-03",
        "1999-03-00",
        "1999-00-00",
        "2000-02-29",
        "0000",
        "0000-02-29",
        "2026",
        "2026-00-31",
        "2026-03",
        "2026-03-00",
        "2026-03-15",
        "",
        "?",
        "199",
        "19999",
        "1999/03/01",
        "Summer 1999",
    ],
)
def test_a_date_that_can_be_or_is_none_is_not_judged(text: str) -> None:
    assert find_impossible_date(text, today=TODAY) is None


@given(st.dates(min_value=date(EARLIEST_YEAR, 1, 1), max_value=TODAY))
def test_every_day_of_recorded_sound_is_possible(day: date) -> None:
    assert find_impossible_date(day.isoformat(), today=TODAY) is None


@given(st.dates(min_value=TODAY + timedelta(days=1), max_value=date(9999, 12, 31)))
def test_no_day_to_come_is_possible(day: date) -> None:
    assert find_impossible_date(day.isoformat(), today=TODAY) == "in the future"


@given(st.dates(min_value=date(EARLIEST_YEAR, 1, 1), max_value=TODAY))
def test_knowing_less_of_a_possible_date_never_makes_it_impossible(day: date) -> None:
    assert find_impossible_date(f"{day:%Y-%m}-00", today=TODAY) is None
    assert find_impossible_date(f"{day:%Y}", today=TODAY) is None


@pytest.mark.parametrize(("filled", "survivor"), [([3], 0), ([1, 2], 1), ([2, 2], 0), ([1, 3, 3, 2], 1)])
def test_the_row_with_most_values_stays_and_the_first_of_equals(filled: list[int], survivor: int) -> None:
    assert choose_survivor(filled) == survivor


@given(st.lists(st.integers(0, 20), min_size=1))
def test_no_row_has_more_values_than_the_one_that_stays(filled: list[int]) -> None:
    survivor = choose_survivor(filled)
    assert filled[survivor] == max(filled)
    assert filled[survivor] not in filled[:survivor]
