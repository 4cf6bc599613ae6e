"""Policies as people write them, and as they come with Linernotes."""

from pathlib import Path

import pytest

from linernotes.bootstrap.providers import all_providers
from linernotes.domain.fields import FIELDS
from linernotes.errors import FatalError, WrongUsageError
from linernotes.policies.documents import read_policy, shipped_policies, write_policy

PROVIDERS = {provider.profile.name: provider.profile for provider in all_providers()}


@pytest.mark.parametrize("name", ["default", "classic"])
def test_a_policy_that_was_written_is_read_as_it_was(name: str, tmp_path: Path) -> None:
    write_policy(shipped_policies()[name], tmp_path / "policy.yml")
    assert read_policy(tmp_path / "policy.yml") == shipped_policies()[name]


def test_the_first_policy_has_a_waterfall_for_every_field() -> None:
    assert shipped_policies()["default"].waterfalls.keys() == FIELDS.keys()


def test_every_answer_of_every_provider_can_count() -> None:
    waterfalls = shipped_policies()["default"].waterfalls
    counted = {(rule.provider, name) for name, waterfall in waterfalls.items() for rule in waterfall.rules}
    assert {(name, field) for name, profile in PROVIDERS.items() for field in profile.fields} <= counted


def test_the_classic_chain_is_the_classic_chain() -> None:
    rules = shipped_policies()["classic"].waterfalls["recording.tempo_bpm"].rules
    assert [(rule.provider, rule.min_confidence) for rule in rules] == [
        ("beatport", 0.98),
        ("spotify", 0.85),
        ("acousticbrainz", 0.75),
        ("mixesdb", 0.6),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: [", "is no YAML"),
        ("", "a policy: names with values are expected here"),
        ("- a", "a policy: names with values are expected here"),
        ("a: &x [*x]", "a: no such section"),
        ("waterfall: {}", "waterfall: no such section"),
        ("!!python/object/apply:os.system ['true']", "is no YAML"),
        ("\x00", "is no YAML"),
        ("[" * 5_000, "is no YAML"),
        ("x" * 1_000_001, "is too large for a policy"),
    ],
)
def test_a_file_that_is_no_policy_is_told(text: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "policy.yml").write_text(text, encoding="utf-8")
    with pytest.raises(WrongUsageError, match=told):
        read_policy(tmp_path / "policy.yml")


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(WrongUsageError, match=r"cannot read .*: No such file"):
        read_policy(tmp_path / "none.yml")
    with pytest.raises(FatalError, match=r"cannot write .*: No such file"):
        write_policy(shipped_policies()["default"], tmp_path / "none" / "policy.yml")
