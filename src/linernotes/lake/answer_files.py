"""Answers of providers in bronze: `provider_answer` as received, `provider_observation` as their readers saw them."""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import duckdb

from linernotes.lake.bronze import BronzeTables
from linernotes.lake.engine import literal
from linernotes.lake.reading import BronzeTable
from linernotes.lake.rows import named_rows
from linernotes.ports.answers import StoredAnswer
from linernotes.ports.loads import Load
from linernotes.ports.providers import Answer, Question, Subject
from linernotes.ports.sealing import ObservedField, SealedFiles

ANSWER, OBSERVATION = "provider_answer", "provider_observation"
_ROWS_AT_A_TIME = 500
_CONFIG: Mapping[str, str | bool | int | float | list[str]] = {
    "memory_limit": "60MB",
    "threads": 1,
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}
_PARQUET = "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 2048)"
"""Bodies are large: a look-up of one answer reads a row group."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LakeAnswerFiles:
    """Writes and reads those files, in bounded memory."""

    bronze: BronzeTables
    scratch: Path
    """A folder for what is sorted on disk; made where it is not there."""
    tables: Mapping[str, BronzeTable]
    """The two tables as the models declare them."""

    def write_answers(self, load_id: UUID, answers: Iterable[StoredAnswer]) -> SealedFiles:
        """Write answers as received.

        Raises:
            FatalError: Bronze cannot be written.
        """
        return self._write(ANSWER, load_id, map(_answer_row, answers), record="answer_id")

    def write_observations(self, load_id: UUID, observations: Iterable[ObservedField]) -> SealedFiles:
        """Write what answers say; one record for each answer and entity.

        Raises:
            FatalError: Bronze cannot be written.
        """
        rows = map(_observation_row, observations)
        return self._write(OBSERVATION, load_id, rows, record="record_id")

    def answer_ids(self, load: Load) -> Collection[UUID]:
        """The answers that a load holds."""
        files = self._files([load], ANSWER)
        if not files:
            return []
        with duckdb.connect(config=dict(_CONFIG)) as connection:
            found = connection.execute("SELECT answer_id FROM read_parquet(?)", [files]).fetchall()
        return {UUID(answer_id) for (answer_id,) in found}

    def answer(self, loads: Sequence[Load], answer_id: UUID) -> StoredAnswer | None:
        """One answer as it was received; None where no load has it."""
        where = f"WHERE record_id = {_record_id(answer_id)} AND answer_id = ?"  # files are sorted by it
        return next(self._read(loads, where, str(answer_id)), None)

    def find(
        self, loads: Sequence[Load], fingerprints: Collection[str], *, since: datetime
    ) -> Mapping[str, StoredAnswer]:
        """The newest answer to each of some questions, received then or later, by fingerprint."""
        where = "WHERE list_contains(?, question) AND received_at >= ?"
        found = self._read(loads, where, list(fingerprints), _naive(since))
        return {stored.question.fingerprint: stored for stored in found}

    def answers(
        self, loads: Sequence[Load], *, providers: Collection[str] = (), answer_ids: Collection[UUID] = ()
    ) -> Iterator[StoredAnswer]:
        """Answers as they were received, oldest first: of some providers or of all, of some ids or of all."""
        where = "WHERE (len(?) = 0 OR list_contains(?, provider)) AND (len(?) = 0 OR list_contains(?, answer_id))"
        ids = [str(answer_id) for answer_id in answer_ids]
        yield from self._read(loads, where, *[list(providers)] * 2, *[ids] * 2)

    def _read(self, loads: Sequence[Load], where: str, *values: object) -> Iterator[StoredAnswer]:
        files = self._files(loads, ANSWER)
        if not files:
            return
        with duckdb.connect(config=dict(_CONFIG)) as connection:
            select = f"SELECT * FROM read_parquet(?) {where} ORDER BY record_id, answer_id"
            yield from map(_stored, named_rows(connection.execute(select, [files, *values])))

    def _write(self, table: str, load_id: UUID, rows: Iterator[Mapping[str, object]], *, record: str) -> SealedFiles:
        columns = {"record_id": "BIGINT", **self.tables[table].columns}
        self.scratch.mkdir(parents=True, exist_ok=True)
        with (
            self.bronze.writer(load_id) as writer,
            TemporaryDirectory(dir=self.scratch) as folder,
            duckdb.connect(config={**_CONFIG, "temp_directory": folder}) as connection,
        ):
            declared = ", ".join(f"{name} {kind}" for name, kind in columns.items())
            connection.execute(f"CREATE TABLE arrived ({declared})")
            insert = f"INSERT INTO arrived SELECT {', '.join(f'unnest(?::{kind}[])' for kind in columns.values())}"
            while batch := list(islice(rows, _ROWS_AT_A_TIME)):
                connection.execute(insert, [[row[name] for row in batch] for name in columns])
            counted = connection.execute(f"SELECT count(DISTINCT {record}) FROM arrived").fetchall()
            writer.add_file(table, _copy_to(connection, load_id))
            return SealedFiles(files=writer.seal(), record_count=counted[0][0])

    def _files(self, loads: Sequence[Load], table: str) -> list[str]:
        return [str(self.bronze.path_of(file)) for load in loads for file in load.files if file.table == table]


def _copy_to(connection: duckdb.DuckDBPyConnection, load_id: UUID) -> Callable[[Path], int]:
    def fill(path: Path) -> int:
        select = f"SELECT '{load_id}' AS load_id, * FROM arrived ORDER BY ALL"
        return int(connection.execute(f"COPY ({select}) TO {literal(str(path))} {_PARQUET}").fetchall()[0][0])

    return fill


def _record_id(answer_id: UUID) -> int:
    """The first half of a UUIDv7, which grows with time."""
    return int.from_bytes(answer_id.bytes[:8]) >> 1


def _answer_row(stored: StoredAnswer) -> dict[str, object]:
    question, answer = stored.question, stored.answer
    return {
        "record_id": _record_id(stored.answer_id),
        "answer_id": str(stored.answer_id),
        "run_id": str(stored.run_id),
        "provider": question.provider,
        "question": question.fingerprint,
        "path": question.path,
        "parameters": json.dumps(dict(question.parameters)),
        "subjects": json.dumps([subject.to_document() for subject in question.subjects]),
        "status": answer.status,
        "headers": json.dumps(dict(answer.headers)),
        "body": answer.body,
        "received_at": _naive(answer.received_at),
        "collector_version": stored.collector_version,
        "cost": stored.cost,
    }


def _observation_row(observed: ObservedField) -> dict[str, object]:
    named = hashlib.sha256(observed.answer_id.bytes + observed.entity_id.bytes).digest()
    return {
        "record_id": int.from_bytes(named[:8]) >> 1,
        "answer_id": str(observed.answer_id),
        "provider": observed.provider,
        "question": observed.question,
        "entity_type": str(observed.entity_type),
        "entity_id": str(observed.entity_id),
        "outcome": str(observed.outcome),
        "reason": observed.reason,
        "field": observed.field,
        "value": observed.value,
        "match": observed.match,
        "signal": observed.signal,
        "extractor_version": observed.extractor_version,
        "observed_at": _naive(observed.observed_at),
    }


def _stored(row: Mapping[str, Any]) -> StoredAnswer:
    return StoredAnswer(
        answer_id=UUID(row["answer_id"]),
        run_id=UUID(row["run_id"]),
        question=Question(
            provider=row["provider"],
            path=row["path"],
            parameters=json.loads(row["parameters"]),
            subjects=tuple(map(Subject.from_document, json.loads(row["subjects"]))),
        ),
        answer=Answer(
            status=row["status"],
            headers=json.loads(row["headers"]),
            body=row["body"],
            received_at=row["received_at"].replace(tzinfo=UTC),
        ),
        collector_version=row["collector_version"],
        cost=row["cost"],
    )


def _naive(moment: datetime) -> datetime:
    """The same in UTC, as tables have it."""
    return moment.astimezone(UTC).replace(tzinfo=None)
