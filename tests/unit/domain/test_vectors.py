"""Every shared test vector of the domain functions that exist."""

import json
from dataclasses import astuple, is_dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

VECTORS = Path(__file__).parents[4] / "shared" / "data" / "domain" / "vectors.json"
FUNCTIONS = (
    "linernotes.domain.credits.join_discogs",
    "linernotes.domain.dates.parse_partial_date",
    "linernotes.domain.durations.to_milliseconds",
    "linernotes.domain.identifiers.normalise_barcode",
    "linernotes.domain.identifiers.normalise_isrc",
    "linernotes.domain.names.is_various",
    "linernotes.domain.names.name_key",
    "linernotes.domain.names.parse_discogs_name",
)


def plain(result: Any) -> Any:
    if is_dataclass(result) and not isinstance(result, type):
        result = astuple(result)
    return [plain(item) for item in result] if isinstance(result, tuple | list) else result


def vectors() -> list[Any]:
    if not VECTORS.exists():
        return []
    known = json.loads(VECTORS.read_text(encoding="utf-8"))
    return [pytest.param(name, case, id=f"{name} {case['in']!a}") for name in FUNCTIONS for case in known[name]]


@pytest.mark.parametrize(("name", "case"), vectors())
def test_function_answers_as_the_shared_vector_says(name: str, case: dict[str, Any]) -> None:
    module, _, function = name.rpartition(".")
    assert plain(getattr(import_module(module), function)(*case["in"])) == case["out"]
