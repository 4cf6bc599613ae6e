"""Every shared test vector of the domain functions."""

import json
from dataclasses import astuple, is_dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

VECTORS = Path(__file__).parents[4] / "shared" / "data" / "domain" / "vectors.json"


def plain(result: Any) -> Any:
    if is_dataclass(result) and not isinstance(result, type):
        result = astuple(result)
    return [plain(item) for item in result] if isinstance(result, tuple | list) else result


def vectors() -> list[Any]:
    if not VECTORS.exists():
        return []
    known = json.loads(VECTORS.read_text(encoding="utf-8"))
    return [pytest.param(name, case, id=f"{name} {case['in']!a}") for name, cases in known.items() for case in cases]


@pytest.mark.parametrize(("name", "case"), vectors())
def test_function_answers_as_the_shared_vector_says(name: str, case: dict[str, Any]) -> None:
    module, _, function = name.rpartition(".")
    assert plain(getattr(import_module(module), function)(*case["in"])) == case["out"]
