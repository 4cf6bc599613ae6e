"""The policy by which machines match: learned, set, gone back to."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import count

import pytest

from linernotes.domain.match_policy import SHIPPED
from linernotes.domain.uuid7 import to_uuid7
from linernotes.errors import FatalError, WrongUsageError
from linernotes.ports.matching import MatchCount
from linernotes.ports.review import PolicyInForce
from linernotes.usecases import match_policies
from tests.fakes.ledger import FakeMatchPolicies

MANY = {"6301": 900, "6001": 100, "2001": 1_200, "0001": 800}


class FakeCounter:
    def __init__(self, patterns: Mapping[str, Mapping[str, int]]) -> None:
        self._patterns = patterns

    def count(self) -> Mapping[str, int]:
        return {}

    def count_matches(self) -> Sequence[MatchCount]:
        return []

    def count_patterns(self, entity_type: str) -> Mapping[str, int]:
        return self._patterns.get(entity_type, {})


@pytest.fixture
def tools() -> match_policies.PolicyTools:
    numbers = count(1)
    return match_policies.PolicyTools(
        policies=FakeMatchPolicies(),
        counter=FakeCounter({"label": MANY}),
        new_id=lambda: to_uuid7(next(numbers)),
        now=lambda: datetime(2026, 11, 27, tzinfo=UTC),
    )


def test_a_new_home_decides_by_what_is_shipped(tools: match_policies.PolicyTools) -> None:
    assert match_policies.in_force(tools.policies) == SHIPPED
    assert not match_policies.show(tools).is_change


def test_weights_are_learned_of_what_was_compared(tools: match_policies.PolicyTools) -> None:
    change = match_policies.learn_policy(tools, dry_run=False)
    assert match_policies.in_force(tools.policies) == change.after
    assert {line[0] for line in change.lines() if line[3] != line[4]} == {"label"}
    assert [one.origin for one in tools.policies.history()] == ["learned"]


def test_nothing_is_learned_of_nothing(tools: match_policies.PolicyTools) -> None:
    nothing = match_policies.PolicyTools(
        policies=tools.policies, counter=FakeCounter({}), new_id=tools.new_id, now=tools.now
    )
    with pytest.raises(WrongUsageError, match="no pairs to learn from; run `liner build`"):
        match_policies.learn_policy(nothing, dry_run=False)


def test_limits_are_set_by_name(tools: match_policies.PolicyTools) -> None:
    change = match_policies.set_limits(tools, ["artist.match=4.5", "artist.review=1", "label.margin=3"], dry_run=False)
    changed = [line for line in change.lines() if line[3] != line[4]]
    assert changed == [
        ("artist", "limit", "match", 4.0, 4.5),
        ("artist", "limit", "review", 0.5, 1.0),
        ("label", "limit", "margin", 2.0, 3.0),
    ]
    assert match_policies.in_force(tools.policies) == change.after


@pytest.mark.parametrize(
    ("limit", "message"),
    [
        ("artist=4", "artist=4 is no limit; say <type>.<limit>=<value>"),
        ("track.match=4", "is no limit"),
        ("artist.prior=4", "is no limit"),
        ("artist.match=high", "high in artist.match=high is no number"),
        ("artist.match", r"\(nothing\) in artist.match is no number"),
    ],
)
def test_a_limit_that_is_none_is_refused(tools: match_policies.PolicyTools, limit: str, message: str) -> None:
    with pytest.raises(WrongUsageError, match=message):
        match_policies.set_limits(tools, [limit], dry_run=False)


def test_a_dry_run_and_what_changes_nothing_leave_the_history_as_it_is(tools: match_policies.PolicyTools) -> None:
    match_policies.set_limits(tools, ["artist.match=4.5"], dry_run=True)
    match_policies.set_limits(tools, ["artist.match=4"], dry_run=False)
    assert tools.policies.history() == []


def test_an_earlier_policy_can_be_gone_back_to(tools: match_policies.PolicyTools) -> None:
    first = match_policies.set_limits(tools, ["artist.match=4.5"], dry_run=False).after
    match_policies.set_limits(tools, ["artist.match=5"], dry_run=False)
    assert match_policies.use_policy(tools, first.version, dry_run=False).after == first
    assert match_policies.use_policy(tools, "shipped", dry_run=False).after == SHIPPED
    assert match_policies.use_policy(tools, SHIPPED.version, dry_run=False).after == SHIPPED
    assert match_policies.in_force(tools.policies) == SHIPPED
    with pytest.raises(WrongUsageError, match="no policy 0123; known: shipped, "):
        match_policies.use_policy(tools, "0123", dry_run=False)


def test_a_policy_of_another_version_is_told_and_can_be_left(tools: match_policies.PolicyTools) -> None:
    unread = PolicyInForce(
        policy_id=to_uuid7(1),
        version="0123456789ab",
        policy=None,
        origin="learned",
        in_force_since=datetime(2026, 11, 27, tzinfo=UTC),
    )
    tools.policies.put(unread)
    with pytest.raises(FatalError, match=r"policy 0123456789ab .* `liner match-policy use shipped`"):
        match_policies.in_force(tools.policies)
    with pytest.raises(WrongUsageError, match="no policy 0123456789ab"):
        match_policies.use_policy(tools, unread.version, dry_run=False)
    assert match_policies.use_policy(tools, "shipped", dry_run=False).is_change
    assert match_policies.in_force(tools.policies) == SHIPPED
    assert not match_policies.use_policy(tools, "shipped", dry_run=False).is_change
