"""The domain's decisions as SQL functions, so that SQL and Python can never disagree.

Each function is called once per distinct value of a vector, and frequent values are remembered:
names, dates and durations repeat a great deal.
"""

from collections.abc import Callable
from dataclasses import asdict
from functools import lru_cache
from typing import Any

import duckdb
import pyarrow as pa
from duckdb.func import FunctionNullHandling, PythonUDFType

from linernotes import failpoints
from linernotes.domain.credits import join_phrase
from linernotes.domain.dates import parse_partial_date
from linernotes.domain.durations import to_milliseconds, video_duration_ms
from linernotes.domain.entities import EntityType, namespace, parse_quantity
from linernotes.domain.identifiers import normalise_barcode, normalise_isrc
from linernotes.domain.names import name_key, parse_discogs_name
from linernotes.lake.engine import literal

REMEMBERED = 65_536
"""Distinct values remembered per function: the durations and dates of a whole month fit."""


def _partial_date(text: str) -> dict[str, Any] | None:
    parsed = parse_partial_date(text)
    return None if parsed is None else asdict(parsed)


_DECISIONS: dict[str, tuple[Callable[[str], Any], str]] = {
    "name_key": (lambda text: name_key(text) or None, "VARCHAR"),
    "discogs_name": (
        lambda text: asdict(parse_discogs_name(text)),
        "STRUCT(display_name VARCHAR, homonym_number INTEGER)",
    ),
    "partial_date": (_partial_date, "STRUCT(year INTEGER, month INTEGER, day INTEGER)"),
    "duration_ms": (lambda text: to_milliseconds(text, "clock"), "INTEGER"),
    "video_duration_ms": (video_duration_ms, "INTEGER"),
    "quantity": (parse_quantity, "INTEGER"),
    "join_phrase": (join_phrase, "VARCHAR"),
}
_ARROW = {
    "VARCHAR": pa.string(),
    "INTEGER": pa.int32(),
    "STRUCT(display_name VARCHAR, homonym_number INTEGER)": pa.struct(
        [("display_name", pa.string()), ("homonym_number", pa.int32())]
    ),
    "STRUCT(year INTEGER, month INTEGER, day INTEGER)": pa.struct(
        [("year", pa.int32()), ("month", pa.int32()), ("day", pa.int32())]
    ),
}


def register_functions(connection: duckdb.DuckDBPyConnection) -> None:
    """Give a connection the functions that the models call; every one answers NULL for NULL."""
    special = FunctionNullHandling.SPECIAL  # otherwise no function may answer NULL
    for name, (decide, kind) in _DECISIONS.items():
        column = _over_distinct(decide, _ARROW[kind])
        connection.create_function(name, column, ["VARCHAR"], kind, type=PythonUDFType.ARROW, null_handling=special)
    connection.create_function(
        "identifier_key", identifier_key, ["VARCHAR", "VARCHAR"], "VARCHAR", null_handling=special
    )
    connection.create_function("failpoint", _failpoint, ["VARCHAR"], "BOOLEAN", side_effects=True)
    connection.execute(f"CREATE OR REPLACE MACRO memory.main.uuid_of(entity_type, name) AS ({_uuid5()})")


def identifier_key(kind: str | None, value: str | None) -> str | None:
    """The normalised barcode or ISRC, None where the value is not a valid one or the kind is another."""
    if value is None:
        return None
    if kind == "ISRC":
        return normalise_isrc(value)
    return normalise_barcode(value).value if kind == "Barcode" else None


def _over_distinct(decide: Callable[[str], Any], kind: pa.DataType) -> Callable[[pa.Array], pa.Array]:
    remembered = lru_cache(REMEMBERED)(decide)

    def column(values: pa.Array) -> pa.Array:
        if isinstance(values, pa.ChunkedArray):
            values = values.combine_chunks()
        encoded = values.dictionary_encode()
        results = pa.array([remembered(value) for value in encoded.dictionary.to_pylist()], kind)
        return results.take(encoded.indices)

    return column


def _failpoint(name: str) -> bool:
    failpoints.hit(name)
    return True


def _uuid5() -> str:
    """UUIDv5 in SQL: SHA-1 of the type's namespace and the name, with version and variant set (RFC 9562)."""
    namespaces = " ".join(
        f"WHEN {literal(entity_type)} THEN unhex({literal(namespace(entity_type).hex)})" for entity_type in EntityType
    )
    hashed = f"sha1(CASE entity_type {namespaces} END || encode(name))"
    return (
        f"list_transform([{hashed}], lambda h: (substr(h, 1, 12) || '5' || substr(h, 14, 3)"
        " || substr('89ab', 1 + (('0x' || substr(h, 17, 1))::INTEGER & 3), 1) || substr(h, 18, 15))::UUID)[1]"
    )
