"""The dbt project as files: which bronze tables it declares, and which version each model has."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import yaml

from linernotes import domain
from linernotes.lake import functions
from linernotes.lake.incoming import BronzeTable

PROJECT = Path(__file__).parent / "dbt"
_ALIASES = {"load_id", "record_id"}


def declared_bronze(project: Path = PROJECT) -> tuple[BronzeTable, ...]:
    """The bronze tables that models may read, as declared in `models/bronze.yml`."""
    declared = yaml.safe_load((project / "models" / "bronze.yml").read_text(encoding="utf-8"))
    return tuple(_bronze_table(table) for source in declared["sources"] for table in source["tables"])


def _bronze_table(table: dict[str, Any]) -> BronzeTable:
    columns = {column["name"]: column["data_type"] for column in table["columns"]}
    return BronzeTable(
        name=table["name"],
        columns={name: kind for name, kind in columns.items() if name not in _ALIASES},
        **table["config"]["meta"],
    )


def project_version(project: Path = PROJECT) -> str:
    """A hash of everything that decides what a build writes: models, macros, functions, engine."""
    return _hash([*_model_files(project), *_shared_files(project)])


def model_version(raw_code: str, project: Path = PROJECT) -> str:
    """A hash of one model and of what all models share."""
    return hashlib.sha256((_hash(_shared_files(project)) + raw_code).encode()).hexdigest()[:12]


def _model_files(project: Path) -> Sequence[Path]:
    return sorted((project / "models").rglob("*.sql")) + sorted((project / "models").rglob("*.yml"))


def _shared_files(project: Path) -> Sequence[Path]:
    decisions = sorted(Path(domain.__file__).parent.glob("*.py"))
    return [
        project / "dbt_project.yml",
        *sorted((project / "macros").glob("*.sql")),
        Path(functions.__file__),
        *decisions,
    ]


def _hash(files: Sequence[Path]) -> str:
    digest = hashlib.sha256(duckdb.__version__.encode())
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
