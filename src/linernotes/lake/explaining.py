"""What silver and bronze know of a field of an entity."""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self
from uuid import UUID

import duckdb

from linernotes.domain.entities import EntityType
from linernotes.domain.identifiers import normalise_barcode, normalise_isrc, normalise_mbid
from linernotes.domain.outcomes import Outcome
from linernotes.errors import FatalError, WrongUsageError
from linernotes.lake.answer_files import LakeAnswerFiles
from linernotes.lake.damage import damage_told
from linernotes.lake.engine import Engine
from linernotes.lake.rows import named_rows
from linernotes.lake.snapshots import built_relations
from linernotes.ports.explaining import Evidence, FoundEntity, Told
from linernotes.ports.loads import Load

_SQL = Path(__file__).parent / "explain"


@dataclass(frozen=True, slots=True, kw_only=True)
class LakeExplaining:
    """Reads silver for what was said, and bronze for the answers themselves."""

    connection: duckdb.DuckDBPyConnection
    files: LakeAnswerFiles
    loads: Sequence[Load]
    """Every committed load."""

    @classmethod
    @contextlib.contextmanager
    def open(cls, engine: Engine, files: LakeAnswerFiles, loads: Sequence[Load]) -> Iterator[Self]:
        """Explain from the lake as it is now, for the block.

        Raises:
            WrongUsageError: Nothing was built yet.
            FatalError: The lake cannot be opened, or a file of it is lost or damaged.
        """
        if not engine.exists:
            raise WrongUsageError("there is nothing to explain yet; run `liner build` first")
        with replace(engine, threads=1).connect() as connection, damage_told(lake=engine.folder):
            if ("silver", "source_value") not in built_relations(connection):
                raise WrongUsageError("silver was built by an earlier version; run `liner build` first")
            connection.execute(_read("entities"))
            connection.execute(_read("said"))
            yield cls(connection=connection, files=files, loads=loads)

    def find(self, text: str, *, entity_type: EntityType | None = None) -> Sequence[FoundEntity]:
        """Entities that a text may mean: an id of ours, an MBID, a Discogs id, an ISRC, a barcode, or a name."""
        stripped = text.strip()
        key = normalise_mbid(stripped) or normalise_isrc(stripped) or normalise_barcode(stripped).value or stripped
        rows = self._ask("find", text=stripped, key=key, wanted_type=entity_type and entity_type.value)
        return [
            FoundEntity(**{**row, "entity_type": EntityType(row["entity_type"]), "detail": row["detail"] or ""})
            for row in rows
        ]

    def newest_at(self) -> datetime | None:
        """When the newest answer was received that silver knows; None where it knows none."""
        return _utc(self.connection.execute("SELECT max(observed_at) FROM lake.silver.observation").fetchall()[0][0])

    def fields(self, entity: FoundEntity) -> Sequence[str]:
        """Fields of an entity, without its type, of which somebody says something, in order."""
        return [row["field"] for row in self._ask("fields", **_named(entity))]

    def told(self, entity: FoundEntity, field: str) -> Sequence[Told]:
        """Everything said of one field of an entity, oldest first, what sources have before what providers say."""
        return [_told(row) for row in self._ask("told", **_named(entity), field=field)]

    def evidence(self, told: Told) -> Evidence | None:
        """The answer that says so; None for what a source has.

        Raises:
            FatalError: Bronze has lost it.
        """
        if told.answer_id is None:
            return None
        stored = self.files.answer(self.loads, told.answer_id)
        if stored is None:
            raise FatalError(f"bronze has no answer {told.answer_id}: its load was discarded, or its file is lost")
        return Evidence(
            answer_id=stored.answer_id,
            run_id=stored.run_id,
            path=stored.question.path,
            parameters=stored.question.parameters,
            status=stored.answer.status,
            received_at=stored.answer.received_at,
            size_bytes=len(stored.answer.body),
            body=stored.answer.body,
            collector_version=stored.collector_version,
        )

    def _ask(self, name: str, **variables: object) -> Sequence[dict[str, Any]]:
        for variable, value in variables.items():
            self.connection.execute(f"SET VARIABLE {variable} = ?", [value])
        return list(named_rows(self.connection.execute(_read(name))))


def _named(entity: FoundEntity) -> dict[str, str]:
    return {"entity_type": entity.entity_type.value, "entity_id": str(entity.entity_id)}


def _told(row: Mapping[str, Any]) -> Told:
    return Told(
        **{
            **row,
            "outcome": Outcome(row["outcome"]),
            "observed_at": _utc(row["observed_at"]),
            "until": _utc(row["until"]),
            "answer_id": UUID(row["answer_id"]) if row["answer_id"] else None,
            "load_id": UUID(row["load_id"]),
        }
    )


def _utc(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment else None


def _read(name: str) -> str:
    return (_SQL / f"{name}.sql").read_text(encoding="utf-8")
