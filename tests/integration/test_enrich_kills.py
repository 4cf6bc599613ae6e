"""Enrichment that is killed at any moment goes on where it was: no answer is lost, none stands twice."""

import random
from collections import Counter
from pathlib import Path

import pytest

from tests.enriched_homes import enrich
from tests.faults.liner import Home
from tests.services import Services, services

OBSERVED = "SELECT provider, entity_id::VARCHAR AS entity, outcome, field, value FROM bronze.provider_observation"
IN_CI, IN_SOAK = range(1), range(1, 40)
KILLS, LONGEST_SECONDS = 3, 6.0


@pytest.fixture(scope="module")
def undisturbed(both_sources: Home, tmp_path_factory: pytest.TempPathFactory) -> Counter[tuple[str, ...]]:
    home = both_sources.copy(tmp_path_factory.mktemp("undisturbed") / "home")
    with services() as web:
        assert enrich(home, web).status == 0
    return observed(home)


def observed(home: Home) -> Counter[tuple[str, ...]]:
    rows = home.run("query", OBSERVED, "--format", "json").document
    return Counter(tuple(str(value) for value in row.values()) for row in rows)


@pytest.mark.proves("A power cut at any moment loses and doubles nothing")
@pytest.mark.parametrize("seed", [*IN_CI, *(pytest.param(seed, marks=pytest.mark.soak) for seed in IN_SOAK)])
def test_an_enrichment_killed_at_random_loses_and_doubles_nothing(
    both_sources: Home, web: Services, undisturbed: Counter[tuple[str, ...]], tmp_path: Path, seed: int
) -> None:
    home, chance = both_sources.copy(tmp_path / "home"), random.Random(seed)
    ended = [enrich(home, web, killed_after=chance.uniform(0.5, LONGEST_SECONDS)) for _ in range(KILLS)]
    assert enrich(home, web).status == 0
    assert observed(home) == undisturbed
    kills = sum(one.was_killed for one in ended)
    assert len(web.asked) - len(set(web.asked)) <= kills, "only a question whose answer was under way is asked again"
