"""What SQL makes of one value is what the domain decides."""

from collections.abc import Callable, Iterator, Sequence

import duckdb
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from linernotes.domain.credits import credited_name, join_discogs, join_phrase
from linernotes.domain.dates import parse_partial_date
from linernotes.domain.durations import to_milliseconds, video_duration_ms
from linernotes.domain.entities import EntityType, entity_id, parse_quantity, track_kind
from linernotes.domain.identifiers import normalise_barcode, normalise_isrc
from linernotes.domain.names import name_key, parse_discogs_name
from tests.model_kit import render, sql_connection

quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
names = st.one_of(
    texts,
    st.builds(
        "{}{}{}".format, texts, st.sampled_from(["", ", The", " (2)", " (1)", " (12)", ")", ", The (3)"]), st.just("")
    ),
    st.sampled_from(["Band, The", "Solo (2)", " Solo", "Solo (2) ", "É", "(", "The, The", ", The", "A\nB (2)"]),
)
ID_OF = {
    name: render(f"{{{{ entity_id('{name}', 's', 'r') }}}}")
    for name in ("artist", "label", "release_group", "release", "recording")
}
CREDIT_LINE = render("{{ credit_line('name', 'phrase', 'place') }}")
DISPLAY_NAME = render("{{ display_name('n') }}")
said = st.none() | texts.filter(bool)


@pytest.fixture(scope="module")
def sql() -> Iterator[duckdb.DuckDBPyConnection]:
    with sql_connection() as connection:
        yield connection


def answer(sql: duckdb.DuckDBPyConnection, expression: str, *values: object) -> object:
    return sql.execute(f"SELECT {expression}", list(values)).fetchall()[0][0]


@example(entity_type="artist", source="discogs", record_id="1")
@quick
@given(entity_type=st.sampled_from(sorted(ID_OF)), source=texts, record_id=texts)
def test_sql_computes_the_entity_id_of_the_domain(
    sql: duckdb.DuckDBPyConnection, entity_type: str, source: str, record_id: str
) -> None:
    found = sql.execute(f"SELECT {ID_OF[entity_type]} FROM (SELECT ? AS s, ? AS r)", [source, record_id]).fetchall()
    assert found == [(entity_id(EntityType(entity_type), source, record_id),)]


@example(position=" ", duration=None, has_sub_tracks=False)
@example(position="\N{NO-BREAK SPACE}", duration="\N{IDEOGRAPHIC SPACE}\n", has_sub_tracks=False)
@quick
@given(position=st.none() | texts, duration=st.none() | texts, has_sub_tracks=st.booleans())
def test_sql_tells_track_kinds_apart_as_the_domain_does(
    sql: duckdb.DuckDBPyConnection, position: str | None, duration: str | None, *, has_sub_tracks: bool
) -> None:
    found = answer(sql, "track_kind(?, ?, ?)", position, duration, has_sub_tracks)
    assert found == track_kind(position, duration, has_sub_tracks=has_sub_tracks)


@quick
@given(names)
def test_a_name_is_shown_as_the_domain_shows_it_whether_or_not_it_takes_the_short_cut(
    sql: duckdb.DuckDBPyConnection, name: str
) -> None:
    found = sql.execute(f"SELECT {DISPLAY_NAME} FROM (SELECT ? AS n)", [name]).fetchall()[0][0]
    assert found == parse_discogs_name(name).display_name


@example([("Solo (2)", None, "&"), ("Band, The", "Ex", ",")])
@example([("A", None, "B")])
@example([("A", None, None), ("B", None, "And")])
@quick
@given(
    st.lists(st.tuples(names, st.none() | texts.filter(bool), st.none() | texts.filter(bool)), min_size=1, max_size=4)
)
def test_sql_joins_an_artist_credit_as_the_domain_does(
    sql: duckdb.DuckDBPyConnection, artists: Sequence[tuple[str, str | None, str | None]]
) -> None:
    rows = [
        (place, credited_name(name, variation), None if join is None else join_phrase(join))
        for place, (name, variation, join) in enumerate(artists)
    ]
    listed = ", ".join(["(?, ?, ?)"] * len(rows))
    found = sql.execute(
        f"SELECT {CREDIT_LINE} FROM (VALUES {listed}) AS t (place, name, phrase)",
        [value for row in rows for value in row],
    ).fetchall()
    assert found[0][0] == join_discogs([{"name": n, "anv": v, "join": j} for n, v, j in artists])


@pytest.mark.parametrize(
    ("function", "decide", "values"),
    [
        ("name_key(t)", lambda t: name_key(t) or None, ["Björk", "\u200b", "Björk", "AC/DC"]),
        ("discogs_name(t).homonym_number", lambda t: parse_discogs_name(t).homonym_number, ["A (2)", "A (1)", "A"]),
        ("duration_ms(t)", lambda t: to_milliseconds(t, "clock"), ["4:45", "?", "1:02:03", "4:45", "0:00"]),
        ("video_duration_ms(t)", video_duration_ms, ["65535", "120", "0"]),
        ("quantity(t)", parse_quantity, ["2", "1" * 52, "02", "x"]),
        ("join_phrase(t)", join_phrase, ["&", ",", "Feat."]),
        ("partial_date(t).month", lambda t: (d := parse_partial_date(t)) and d.month, ["1999-03-00", "1999", "0000"]),
        ("barcode_key(t)", lambda t: normalise_barcode(t).value, ["5 012394 144777", "none", "1"]),
        ("isrc_key(t)", normalise_isrc, ["GB-AYE-69-00531", "GBAYE690053"]),
    ],
)
def test_a_column_of_values_repeated_and_missing_is_decided_value_by_value(
    sql: duckdb.DuckDBPyConnection, function: str, decide: Callable[[str], object], values: Sequence[str]
) -> None:
    column = [*values, None, *values] * 700  # more than one vector
    given_column = pa.table({"t": column, "i": range(len(column))})
    sql.register("given_column", given_column)
    listed = sql.execute(f"SELECT list({function} ORDER BY i) FROM given_column").fetchall()[0][0]
    assert listed == [None if value is None else decide(value) for value in column]
