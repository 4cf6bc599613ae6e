"""requirements.lock installs what pyproject.toml asks for, from anywhere, and nothing unchecked."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).parents[2]
LOCK = (PROJECT / "requirements.lock").read_text(encoding="utf-8")
PIN = re.compile(
    r"^(?P<name>[a-z0-9._-]+)(?:\[[a-z,]+\])?==(?P<version>\S+).*\\\n(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+",
    re.M,
)


def wanted() -> list[str]:
    content = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    project = content["project"]
    return [*content["build-system"]["requires"], *project["dependencies"], *project["optional-dependencies"]["dev"]]


@pytest.mark.parametrize("text", wanted())
def test_every_dependency_is_pinned_within_its_range(text: str) -> None:
    requirement = Requirement(text)
    pins = [pin["version"] for pin in PIN.finditer(LOCK) if pin["name"] == canonicalize_name(requirement.name)]
    assert pins
    assert all(requirement.specifier.contains(version) for version in pins)


def test_there_is_nothing_but_pins_with_hashes() -> None:
    rest = PIN.sub("", LOCK)
    assert [line for line in rest.splitlines() if not line.startswith("#")] == []


def test_no_address_and_no_path_stands_in_the_lock() -> None:
    assert re.findall(r"://|^-|file:|/opt|/home", LOCK, re.MULTILINE) == []


def test_dbt_stays_below_the_version_that_downloads_a_binary() -> None:
    assert re.findall(r"^dbt-core==1\.11\.", LOCK, re.MULTILINE)
