"""The domain's decisions as SQL functions, so that SQL and Python can never disagree.

Each function is called once per distinct value of a vector, and frequent values are remembered:
names, dates and durations repeat a great deal.
"""

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

import duckdb
import pyarrow as pa
from duckdb.func import FunctionNullHandling, PythonUDFType

from linernotes import failpoints
from linernotes.domain.credits import join_phrase
from linernotes.domain.dates import parse_partial_date
from linernotes.domain.durations import to_milliseconds, video_duration_ms
from linernotes.domain.entities import parse_quantity, track_kind
from linernotes.domain.identifiers import normalise_barcode, normalise_isrc, parse_discogs_address
from linernotes.domain.likeness import name_level, title_level
from linernotes.domain.match_policy import MatchPolicy
from linernotes.domain.names import name_key, parse_discogs_name
from linernotes.domain.survivorship import surviving_source
from linernotes.lake.decisions import DECISION, decide_pattern
from linernotes.lake.engine import literal
from linernotes.ports.building import BuildRules

_SHIPPED = BuildRules()
REMEMBERED = 65_536
"""Distinct values remembered per function: the durations and dates of a whole month fit."""
FEW = 4_096
"""Of patterns of observations: what is contested hardly repeats, and each takes a kilobyte."""
_HAS_POSITION, _HAS_DURATION, _HAS_SUB_TRACKS = 1, 2, 4


def _partial_date(text: str) -> dict[str, Any] | None:
    parsed = parse_partial_date(text)
    return None if parsed is None else {"year": parsed.year, "month": parsed.month, "day": parsed.day}


def _discogs_name(text: str) -> dict[str, Any]:
    parsed = parse_discogs_name(text)
    return {"display_name": parsed.display_name, "homonym_number": parsed.homonym_number}


def _discogs_address(text: str) -> dict[str, Any] | None:
    found = parse_discogs_address(text)
    return None if found is None else {"entity_type": str(found.entity_type), "record_id": found.record_id}


_DECISIONS: dict[str, tuple[Callable[[str], Any], str]] = {
    "name_key": (lambda text: name_key(text) or None, "VARCHAR"),
    "discogs_name": (_discogs_name, "STRUCT(display_name VARCHAR, homonym_number INTEGER)"),
    "partial_date": (_partial_date, "STRUCT(year INTEGER, month INTEGER, day INTEGER)"),
    "duration_ms": (lambda text: to_milliseconds(text, "clock"), "INTEGER"),
    "video_duration_ms": (video_duration_ms, "INTEGER"),
    "quantity": (parse_quantity, "INTEGER"),
    "join_phrase": (join_phrase, "VARCHAR"),
    "barcode_key": (lambda text: normalise_barcode(text).value, "VARCHAR"),
    "isrc_key": (normalise_isrc, "VARCHAR"),
    "discogs_address": (_discogs_address, "STRUCT(entity_type VARCHAR, record_id VARCHAR)"),
}
_LEVELS: dict[str, Callable[[str, str], int]] = {"name_level": name_level, "title_level": title_level}
_ARROW = {
    DECISION: pa.struct(
        [
            ("winner", pa.int32()),
            ("confidence", pa.float64()),
            ("is_contested", pa.bool_()),
            *((name, pa.int32()) for name in ("agreeing", "alike", "conflicting")),
        ]
    ),
    "VARCHAR": pa.string(),
    "INTEGER": pa.int32(),
    "DOUBLE": pa.float64(),
    "STRUCT(display_name VARCHAR, homonym_number INTEGER)": pa.struct(
        [("display_name", pa.string()), ("homonym_number", pa.int32())]
    ),
    "STRUCT(entity_type VARCHAR, record_id VARCHAR)": pa.struct(
        [("entity_type", pa.string()), ("record_id", pa.string())]
    ),
    "STRUCT(year INTEGER, month INTEGER, day INTEGER)": pa.struct(
        [("year", pa.int32()), ("month", pa.int32()), ("day", pa.int32())]
    ),
}


def register_functions(connection: duckdb.DuckDBPyConnection, rules: BuildRules = _SHIPPED) -> None:
    """Give a connection the functions that the models call; every one answers NULL for NULL.

    Args:
        connection: Where models will run.
        rules: By which records are matched and fields decided.
    """
    special = FunctionNullHandling.SPECIAL  # otherwise no function may answer NULL
    decisions = {**_DECISIONS, **_verdicts(rules.match_policy)}
    decisions["decided"] = (partial(decide_pattern, policies=rules.decisions.policies), DECISION)
    for name, (decide, kind) in decisions.items():
        column = _over_distinct(decide, _ARROW[kind], remembered=FEW if name == "decided" else REMEMBERED)
        connection.create_function(name, column, ["VARCHAR"], kind, type=PythonUDFType.ARROW, null_handling=special)
    for name, compare in _LEVELS.items():
        column = _over_pairs(compare)
        connection.create_function(
            name, column, ["VARCHAR", "VARCHAR"], "INTEGER", type=PythonUDFType.ARROW, null_handling=special
        )
    # Its arguments are constants, so that DuckDB calls it once per field and pattern of sources.
    connection.create_function(
        "surviving_source", surviving_source, ["VARCHAR", "VARCHAR[]"], "VARCHAR", null_handling=special
    )
    connection.create_function("failpoint", _failpoint, ["VARCHAR"], "BOOLEAN", side_effects=True)
    connection.execute(
        f"CREATE OR REPLACE MACRO memory.main.track_kind(place, duration, has_sub_tracks) AS ({_track_kind()})"
    )


def _over_distinct(
    decide: Callable[[str], Any], kind: pa.DataType, *, remembered: int
) -> Callable[[pa.Array], pa.Array]:
    known = lru_cache(remembered)(decide)

    def column(values: pa.Array) -> pa.Array:
        if isinstance(values, pa.ChunkedArray):
            values = values.combine_chunks()
        encoded = values.dictionary_encode()
        results = pa.array([known(value) for value in encoded.dictionary.to_pylist()], kind)
        return results.take(encoded.indices)

    return column


def _over_pairs(compare: Callable[[str, str], int]) -> Callable[..., pa.Array]:
    """A level for each pair; texts that are missing are as unlike as any."""

    def column(ones: pa.Array, others: pa.Array) -> pa.Array:
        pairs = zip(ones.to_pylist(), others.to_pylist(), strict=True)
        return pa.array([compare(one or "", other or "") if one or other else 0 for one, other in pairs], pa.int32())

    return column


def _verdicts(policy: MatchPolicy) -> dict[str, tuple[Callable[[str], Any], str]]:
    """What a policy says of `<entity type>:<pattern>`, and its limits as `<entity type>:<name>`."""

    def limit(named: str) -> float:
        entity_type, _, name = named.partition(":")
        return policy.entities[entity_type].limits[name]

    return {
        "match_score": (lambda pair: policy.score(*pair.split(":")), "DOUBLE"),
        "match_evidence": (lambda pair: ", ".join(policy.evidence(*pair.split(":"))) or None, "VARCHAR"),
        "match_limit": (limit, "DOUBLE"),
    }


def _failpoint(name: str) -> bool:
    failpoints.hit(name)
    return True


def _track_kind() -> str:
    """The kind of a track as a CASE: the domain decides each of the eight patterns that it can tell apart."""
    blanks = literal("".join(filter(str.isspace, map(chr, range(0x3001)))))
    pattern = " + ".join(
        f"CASE WHEN {column} IS NULL THEN 0 WHEN regexp_matches({column}, '[!-~]') THEN {value}"
        f" WHEN trim({column}, {blanks}) <> '' THEN {value} ELSE 0 END"
        for column, value in (("place", _HAS_POSITION), ("duration", _HAS_DURATION))
    )
    kinds = " ".join(f"WHEN {number} THEN {literal(_kind_of(number))}" for number in range(8))
    return f"CASE ({pattern} + CASE WHEN has_sub_tracks THEN {_HAS_SUB_TRACKS} ELSE 0 END) {kinds} END"


def _kind_of(pattern: int) -> str:
    return track_kind(
        "A1" if pattern & _HAS_POSITION else None,
        "4:45" if pattern & _HAS_DURATION else None,
        has_sub_tracks=bool(pattern & _HAS_SUB_TRACKS),
    )
