"""How good what is known of each entity is: as the domain says it, for every entity, and added up."""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from linernotes.domain.deciding import Observed, decide_field
from linernotes.domain.fields import FIELDS
from linernotes.domain.quality import QualityPolicy, quality_score, validate_quality
from linernotes.policies.documents import shipped_policies
from tests.faults.liner import Home

POLICY = shipped_policies()["default"]
ISRC = "USSM15900113"


@pytest.fixture(scope="module")
def home(both_sources: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Both sources, and one recording whose tempo and key a person set."""
    home = both_sources.copy(tmp_path_factory.mktemp("quality") / "home")
    for field, value in (("tempo_bpm", "136"), ("key", "7A")):
        assert home.run("lock", "set", ISRC, field, value, "--reason", "counted").status == 0
    assert home.run("build").status == 0
    return home


def ask(home: Home, sql: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = home.run("query", sql, "--format", "json").document
    return found


def known_in_silver(home: Home) -> dict[tuple[str, str], dict[str, float]]:
    """Confidences by entity and field, from what sources have and people set, decided here."""
    redirects = {
        (row["entity_type"], row["from_id"]): row["to_id"] for row in ask(home, "SELECT * FROM silver.entity_redirect")
    }
    said = defaultdict(list)
    for row in ask(home, "SELECT * FROM silver.source_value"):
        kind = row["entity_type"]
        entity_id = redirects.get((kind, row["entity_id"]), row["entity_id"])
        said[kind, entity_id, row["field"]].append(Observed(provider=row["source"], value=row["value"]))
    known: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for (kind, entity_id, field), observations in said.items():
        if winner := decide_field(f"{kind}.{field}", observations, POLICY).winner:
            known[kind, entity_id][field] = winner.confidence
    for row in ask(home, "SELECT * FROM silver.decision WHERE is_locked"):
        known[row["entity_type"], row["entity_id"]][row["field"]] = 1.0
    return known


def test_every_entity_has_the_score_and_status_that_the_domain_gives(home: Home) -> None:
    known = known_in_silver(home)
    rows = ask(home, "SELECT * FROM silver.entity_quality")
    assert len({(row["entity_type"], row["entity_id"]) for row in rows}) == len(rows) > 100
    for row in rows:
        policy = POLICY.quality.get(row["entity_type"], QualityPolicy(weights={}))
        confidences = known.get((row["entity_type"], row["entity_id"]), {})
        score = quality_score(confidences, policy)
        assert row["score"] == pytest.approx(score, abs=1e-4)
        assert row["known_count"] == len(confidences.keys() & policy.weights.keys())
        assert row["status"] == validate_quality(row["score"], policy, is_contested=False)
    assert {row["status"] for row in rows} == {"valid", "needs_review"}
    assert {row["entity_type"] for row in rows} == {name.partition(".")[0] for name in FIELDS} | {"label"}


def test_what_is_known_counts_once_for_each_entity_and_field(home: Home) -> None:
    rows = ask(home, "SELECT entity_type, entity_id, field FROM silver.known_value")
    assert len({tuple(row.values()) for row in rows}) == len(rows) > 100
    expected = {(*entity, field) for entity, fields in known_in_silver(home).items() for field in fields}
    assert {tuple(row.values()) for row in rows} == expected


def test_the_metrics_add_up_what_the_entities_have(home: Home) -> None:
    metrics = {(row["entity_type"], row["field"]): row for row in ask(home, "SELECT * FROM gold.data_quality_metric")}
    sql = "SELECT entity_type, count(*) AS entities, avg(score) AS score FROM silver.entity_quality GROUP BY ALL"
    for row in ask(home, sql):
        whole = metrics[row["entity_type"], ""]
        assert whole["entity_count"] == row["entities"]
        assert whole["mean_confidence"] == pytest.approx(row["score"], abs=2e-4)
    tempo, mbid = metrics["recording", "tempo_bpm"], metrics["recording", "mbid"]
    assert (tempo["known_count"], tempo["mean_confidence"], tempo["contested_count"]) == (1, 1.0, 0)
    assert 0 < mbid["known_count"] < mbid["entity_count"]
    assert metrics["release", "cover_art"]["known_count"] == 0


def test_what_each_build_came_to_can_be_compared(home: Home) -> None:
    newest, first = home.run("quality", "--builds", "2", "--json").document
    fields = [{(one["entity_type"], one["field"]): one for one in build["measures"]} for build in (newest, first)]
    assert [of["recording", "key"]["known_count"] for of in fields] == [1, 0]
    shown = home.run("quality").stdout
    assert "(score)" in shown
    assert "contested" in shown
    assert "run liner build" in Home(home.path.parent / "empty").run("quality").stdout


def test_another_policy_gives_other_scores(home: Home, tmp_path: Path) -> None:
    other = home.copy(tmp_path / "home")
    document = POLICY.to_document()
    document["quality"]["release"] = {"weights": {"label": 1}, "valid_at": 0.95, "rejected_below": 0.5}
    (tmp_path / "strict.yml").write_text(json.dumps(document))
    assert other.run("policy", "import", str(tmp_path / "strict.yml")).status == 0
    assert other.run("policy", "activate", "strict").status == 0
    assert other.run("build").status == 0
    sql = "SELECT DISTINCT score, status FROM silver.entity_quality WHERE entity_type = 'release' ORDER BY 1"
    rows = ask(other, sql)
    assert [(row["score"], row["status"]) for row in rows] == [(0.0, "rejected"), (0.9, "needs_review")]
    assert other.run("build").stdout.startswith("nothing to build")
