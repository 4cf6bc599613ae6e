"""The dbt project as files: which models and bronze tables it declares, and which version each model has."""

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import yaml

from linernotes.lake.reading import BronzeTable

_LAKE = Path(__file__).parent
PROJECT = _LAKE / "dbt"
DECISIONS = (
    "comparison",
    "confidence",
    "credits",
    "dates",
    "deciding",
    "durations",
    "entities",
    "fields",
    "harmony",
    "identifiers",
    "likeness",
    "match_policy",
    "matching",
    "names",
    "policy",
    "quality",
    "survivorship",
    "tempo",
    "waterfall",
)
"""Modules of the domain that SQL functions call: when one of them changes, silver is made anew."""
_ALIASES = {"load_id", "record_id"}


def declared_bronze(project: Path = PROJECT) -> tuple[BronzeTable, ...]:
    """The bronze tables that models may read, as declared in `models/bronze.yml`."""
    declared = yaml.load((project / "models" / "bronze.yml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return tuple(_bronze_table(table) for source in declared["sources"] for table in source["tables"])


def _bronze_table(table: dict[str, Any]) -> BronzeTable:
    columns = {column["name"]: column["data_type"] for column in table["columns"]}
    return BronzeTable(
        name=table["name"],
        columns={name: kind for name, kind in columns.items() if name not in _ALIASES},
        **table["config"]["meta"],
    )


def declared_models(project: Path = PROJECT) -> frozenset[tuple[str, str]]:
    """Schema and name of every model: each stands in a folder named as its schema."""
    return frozenset((path.parent.name, path.stem) for path in (project / "models").rglob("*.sql"))


def project_version(project: Path = PROJECT) -> str:
    """A hash of everything that decides what a build writes and tests: models, macros, functions, engine, Unicode."""
    return _hash([*_model_files(project), *sorted((project / "tests").rglob("*.sql")), *_shared_files(project)])


def shared_version(project: Path = PROJECT) -> str:
    """A hash of what all models share: macros, functions, decisions, engine, Unicode."""
    return _hash(_shared_files(project))


def rules_version(project: Path, rules: Mapping[str, str]) -> str:
    """The version of the project and of the rules by tag that stand elsewhere: all that decides what a build writes."""
    return ".".join([project_version(project), *(rules[tag] for tag in sorted(rules))])


def model_version(raw_code: str, shared: str, inherited: Sequence[str]) -> str:
    """A hash of one model, of what all models share, and of the versions of the models it reads."""
    return hashlib.sha256("\0".join((shared, raw_code, *sorted(inherited))).encode()).hexdigest()[:12]


def _model_files(project: Path) -> Sequence[Path]:
    return sorted((project / "models").rglob("*.sql")) + sorted((project / "models").rglob("*.yml"))


def _shared_files(project: Path) -> Sequence[Path]:
    return [
        project / "dbt_project.yml",
        *sorted((project / "macros").glob("*.sql")),
        _LAKE / "decisions.py",
        _LAKE / "functions.py",
        _LAKE / "incoming.py",
        _LAKE / "reading.py",
        _LAKE / "rules.py",
        *(_LAKE.parent / "domain" / f"{name}.py" for name in DECISIONS),
    ]


def _hash(files: Sequence[Path]) -> str:
    digest = hashlib.sha256(f"{duckdb.__version__} {unicodedata.unidata_version}".encode())
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
