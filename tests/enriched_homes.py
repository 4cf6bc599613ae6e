"""Homes that asked providers, and what was decided in them."""

from typing import Any

from tests.faults.liner import Finished, Home
from tests.services import SO_WHAT, Services

ASKED = ("deezer", "musicbrainz", "coverart")
SO_WHAT_TEMPO = ("recording", "tempo_bpm")
ILLMATIC = ("c1696a7d-217e-585c-b26b-d4079034618d", "16b355da-211c-5c18-aa1c-fe03bdbaa901")
"""The release, and its release group."""
KNOWN = tuple(part for name in (SO_WHAT, "Miles Davis", *ILLMATIC, "Liverpool") for part in ("--entity", name))


def enrich(home: Home, web: Services, *arguments: str, on: tuple[str, ...] = ASKED, **others: Any) -> Finished:
    env = dict(web.settings(on=on)) | others.pop("env", {})
    return home.run("enrich", *arguments, env=env, **others)


def decisions(home: Home) -> dict[tuple[str, str], set[tuple[str | None, str]]]:
    """Values with their providers, by entity type and field."""
    rows = home.run(
        "query", "SELECT entity_type, field, value, provider FROM silver.decision", "--format", "json"
    ).document
    found: dict[tuple[str, str], set[tuple[str | None, str]]] = {}
    for row in rows:
        found.setdefault((row["entity_type"], row["field"]), set()).add((row["value"], row["provider"]))
    return found
