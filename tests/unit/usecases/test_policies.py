"""Which policy decides: kept, chosen, gone back to."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import NAMESPACE_URL, UUID, uuid5

import pytest

from linernotes.domain.policy import Policy
from linernotes.domain.reliability import Cell
from linernotes.errors import FatalError, WrongUsageError
from linernotes.ports.explaining import ComparedField
from linernotes.ports.policies import Generation, StoredPolicy
from linernotes.usecases.policies import (
    PolicyTools,
    activate,
    active_policy,
    compare,
    diff,
    find_policy,
    import_policy,
    list_policies,
    rules_in_force,
)
from tests.fakes.policies import FakeGenerations, FakePolicies

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
DEFAULT = Policy.from_document({"waterfalls": {"recording.key": [{"provider": "deezer"}]}})
CLASSIC = Policy.from_document({"waterfalls": {"recording.key": [{"provider": "beatport"}]}})
MINE = Policy.from_document({"waterfalls": {"recording.key": [{"provider": "mixesdb"}]}})


@pytest.fixture
def tools() -> PolicyTools:
    numbers = count(1)
    return PolicyTools(
        policies=FakePolicies(),
        generations=FakeGenerations(),
        shipped={"default": DEFAULT, "classic": CLASSIC},
        providers=["beatport", "deezer"],
        new_id=lambda: UUID(int=next(numbers)),
        now=lambda: NOW,
    )


def test_the_policy_that_comes_with_linernotes_decides_first(tools: PolicyTools) -> None:
    assert active_policy(tools).policy == DEFAULT
    assert [(line.name, line.is_active, line.added_at) for line in list_policies(tools)] == [
        ("default", True, None),
        ("classic", False, None),
    ]


def test_a_policy_that_was_imported_decides_once_it_is_activated(tools: PolicyTools) -> None:
    kept = import_policy(tools, MINE, name="mine")
    assert active_policy(tools).policy == DEFAULT
    activate(tools, "mine", by="ada", reason="better")
    assert active_policy(tools) == kept
    assert [(line.name, line.is_active, line.added_at) for line in list_policies(tools)] == [
        ("mine", True, NOW),
        ("default", False, None),
        ("classic", False, None),
    ]
    (generation,) = tools.generations.all()
    assert (generation.by, generation.reason, generation.made_at) == ("ada", "better", NOW)


def test_a_dry_run_of_an_import_keeps_nothing(tools: PolicyTools) -> None:
    assert import_policy(tools, MINE, name="mine", dry_run=True).version == MINE.version
    assert tools.policies.all() == []


def test_activating_what_decides_already_changes_nothing(tools: PolicyTools) -> None:
    activate(tools, "default", by="ada", reason="")
    assert tools.generations.all() == []
    for _ in range(2):
        activate(tools, "classic", by="ada", reason="")
    assert len(tools.generations.all()) == 1


def test_a_policy_decides_a_share_beside_the_other_one(tools: PolicyTools) -> None:
    entities = [uuid5(NAMESPACE_URL, str(number)) for number in range(2000)]

    def decided_by_mine() -> set[UUID]:
        rules = rules_in_force(tools, [])
        return {one for one in entities if rules.generation_of("recording.key", one).policy_version == MINE.version}

    import_policy(tools, MINE, name="mine")
    with pytest.raises(WrongUsageError, match="--share"):
        compare(tools, FakeCells())
    activate(tools, "mine", by="ada", reason="", share=0.1)
    tenth = decided_by_mine()
    assert 150 < len(tenth) < 250
    assert active_policy(tools).policy == DEFAULT
    found = compare(tools, FakeCells())
    assert (found.share, found.in_share, found.elsewhere) == (0.1, MINE.version, DEFAULT.version)
    assert [one.said for one in found.fields] == [100]
    activate(tools, "mine", by="ada", reason="", share=0.5)
    assert 900 < len(decided_by_mine()) < 1100
    assert tenth < decided_by_mine()
    activate(tools, "classic", by="ada", reason="", share=0.2)
    with pytest.raises(WrongUsageError, match="a larger share"):
        compare(tools, FakeCells())
    activate(tools, "mine", by="ada", reason="")
    assert decided_by_mine() == set(entities)


class FakeCells:
    def cells(self) -> Iterator[Cell]:
        return iter(())

    def compare(self, share: float) -> Sequence[ComparedField]:
        told = ComparedField(
            field="recording.key",
            is_in_share=True,
            said=round(share * 1000),
            decided=0,
            mean_confidence=None,
            agreed=0,
            contested=0,
        )
        return [told]


@pytest.mark.parametrize("narrow", [{"fields": ("recording.key",)}, {"as_of": NOW - timedelta(days=1)}])
def test_activating_ends_what_was_replayed(tools: PolicyTools, narrow: dict[str, object]) -> None:
    tools.policies.add(find_policy(tools, "default"))
    generation = Generation(
        generation_id=UUID(int=99), policy_version=DEFAULT.version, by="ada", reason="", made_at=NOW
    )
    tools.generations.add(replace(generation, **narrow))  # type: ignore[arg-type] # one of two fields
    activate(replace(tools, new_id=lambda: UUID(int=100)), "default", by="ada", reason="")
    assert tools.generations.all()[-1].is_of_everything
    assert tools.generations.all()[-1].as_of is None


@pytest.mark.parametrize("named", [MINE.version, MINE.version[:4], "mine"])
def test_a_policy_is_found_by_version_or_name(tools: PolicyTools, named: str) -> None:
    import_policy(tools, MINE, name="mine")
    assert find_policy(tools, named).policy == MINE


def test_a_policy_that_nobody_knows_is_told_with_those_there_are(tools: PolicyTools) -> None:
    with pytest.raises(WrongUsageError, match=f"no policy best; .* has {DEFAULT.version}, {CLASSIC.version}"):
        find_policy(tools, "best")
    with pytest.raises(WrongUsageError, match="several policies"):
        find_policy(tools, "")


def test_a_provider_that_there_is_not_is_told(tools: PolicyTools) -> None:
    policy = Policy.from_document({"waterfalls": {"recording.key": [{"provider": "beatprot"}]}})
    with pytest.raises(WrongUsageError, match=r"waterfalls.recording.key: there is no provider 'beatprot'; there are"):
        import_policy(tools, policy, name="mine")


def test_a_policy_of_another_version_does_not_decide(tools: PolicyTools) -> None:
    tools.policies.add(StoredPolicy(version="0123456789ab", name="old", policy=None, added_at=NOW))
    tools.generations.add(
        Generation(generation_id=UUID(int=1), policy_version="0123456789ab", by="ada", reason="", made_at=NOW)
    )
    with pytest.raises(FatalError, match=r"policy 0123456789ab .* `liner policy activate default`"):
        active_policy(tools)


def test_two_policies_are_held_against_each_other(tools: PolicyTools) -> None:
    found = diff(tools, "active", "classic")
    assert (found.before, found.after) == (DEFAULT.version, CLASSIC.version)
    assert found.lines == [
        ("waterfalls.recording.key.beatport", "", "place 1"),
        ("waterfalls.recording.key.deezer", "place 1", ""),
    ]
