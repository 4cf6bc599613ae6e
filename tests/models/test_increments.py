"""Silver is a function of the active loads: however it came about, in whatever order, with whatever was discarded."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from linernotes.domain.uuid7 import to_uuid7
from linernotes.ports.loads import Load, LoadKind
from tests.lake_kit import joined, make_load, record
from tests.model_kit import Model, ModelLake, sql_connection

MODELS = [Model(name) for name in ("release", "track", "release_label", "image")]
SILENCE = "discogs_release_image"


@dataclass(frozen=True)
class Release:
    """What one load says of one release."""

    title: str
    tracks: tuple[tuple[str, int], ...]
    """Title and number of sub-tracks."""
    labels: tuple[str, ...]
    images: tuple[str, ...]


@dataclass(frozen=True)
class Pull:
    """A load to be made."""

    month: int
    kind: LoadKind
    releases: Mapping[int, Release]
    gone: frozenset[int]
    is_silent: bool


@dataclass(frozen=True)
class Discard:
    which: int
    """Of the loads so far, modulo their number."""


@dataclass(frozen=True)
class Build:
    dies_before_record: bool


words = st.sampled_from(["a", "b"])
releases = st.builds(
    Release,
    title=words,
    tracks=st.lists(st.tuples(words, st.integers(0, 2)), max_size=2).map(tuple),
    labels=st.lists(words, max_size=3).map(tuple),
    images=st.lists(words, max_size=2).map(tuple),
)
record_ids = st.integers(1, 4)
pulls = st.builds(
    Pull,
    month=st.integers(1, 12),
    kind=st.sampled_from([LoadKind.INCREMENT, LoadKind.INCREMENT, LoadKind.COMPLETE]),
    releases=st.dictionaries(record_ids, releases, min_size=1, max_size=3),
    gone=st.frozensets(record_ids, max_size=2),
    is_silent=st.booleans(),
).map(lambda pull: replace(pull, gone=pull.gone - set(pull.releases)))
steps = st.lists(
    st.one_of(pulls, pulls, st.builds(Discard, st.integers(0, 9)), st.builds(Build, st.booleans())), max_size=8
)

ONE = Release("a", (("a", 0), ("b", 1)), ("a", "a"), ("a",))
OTHER = Release("b", (("a", 0),), ("b",), ())
FIRST = Pull(1, LoadKind.COMPLETE, {1: ONE, 2: ONE, 3: ONE}, frozenset(), is_silent=False)
SECOND = Pull(2, LoadKind.INCREMENT, {1: OTHER, 4: OTHER}, frozenset({3}), is_silent=True)
RECORDED, LOST = Build(dies_before_record=False), Build(dies_before_record=True)


@example([FIRST, RECORDED, SECOND, RECORDED, Discard(1)])
@example([FIRST, RECORDED, SECOND, LOST, Discard(1)])
@example([FIRST, RECORDED, SECOND, LOST, Discard(0)])
@example([SECOND, RECORDED, FIRST])
@example([FIRST, RECORDED, replace(SECOND, kind=LoadKind.COMPLETE), RECORDED, replace(FIRST, month=3)])
@example([FIRST, RECORDED, SECOND, RECORDED, replace(SECOND, month=3)])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps)
def test_silver_is_what_the_active_loads_say_whatever_happened_before(
    history: Sequence[Pull | Discard | Build],
) -> None:
    with tempfile.TemporaryDirectory() as folder, sql_connection() as connection, sql_connection() as other:
        loads, pulled = _live_through(history, ModelLake(connection, Path(folder), MODELS), Path(folder))
        lake, anew = ModelLake(connection, Path(folder), MODELS), ModelLake(other, Path(folder), MODELS)
        anew.build(loads)

        said = _reference(loads, pulled)
        assert {model.name: lake.rows(model.name) for model in MODELS} == {
            model.name: anew.rows(model.name) for model in MODELS
        }
        assert lake.rows("release", "record_id, title, gone_month") == [
            (str(record_id), release.title, gone) for record_id, (release, gone) in sorted(said.items())
        ]
        _check_origins(lake, loads, pulled)


def _live_through(
    history: Sequence[Pull | Discard | Build], lake: ModelLake, bronze: Path
) -> tuple[list[Load], Mapping[str, Pull]]:
    """Make loads, discard them, build; and build once more in the end."""
    loads: list[Load] = []
    pulled: dict[str, Pull] = {}
    for number, step in enumerate([*history, RECORDED]):
        if isinstance(step, Pull):
            load = _to_load(step, number, bronze)
            pulled[str(load.load_id)] = step
            loads = sorted([*loads, load], key=lambda load: (load.version, load.load_id))
        elif isinstance(step, Build):
            lake.build(loads, dies_before_record=step.dies_before_record)
        elif loads:
            place = step.which % len(loads)
            loads[place] = replace(loads[place], discarded_at=datetime(2026, 12, 31, tzinfo=UTC))
    return loads, pulled


def _to_load(pull: Pull, number: int, bronze: Path) -> Load:
    return make_load(
        bronze,
        to_uuid7(number),
        f"2026-{pull.month:02}-01",
        joined([_to_rows(record_id, release, pull) for record_id, release in sorted(pull.releases.items())]),
        kind=pull.kind,
        gone=sorted(pull.gone),
        silent=[SILENCE] if pull.is_silent else [],
    )


def _to_rows(record_id: int, release: Release, pull: Pull) -> Mapping[str, Sequence[Mapping[str, object]]]:
    sub_tracks = [
        {"track_index": place, "sub_track_index": index, "title": title}
        for place, (title, count) in enumerate(release.tracks)
        for index in range(count)
    ]
    parts = {
        "track": [{"title": title, "position": "A"} for title, _ in release.tracks],
        "sub_track": sub_tracks,
        "label": [{"name": name} for name in release.labels],
        "image": [] if pull.is_silent else [{"uri": uri} for uri in release.images],
    }
    filled = {name: rows for name, rows in parts.items() if rows}
    return record("release", record_id, title=release.title, **filled)


def _reference(loads: Sequence[Load], pulled: Mapping[str, Pull]) -> Mapping[int, tuple[Release, str | None]]:
    """What silver should hold: load after load, what each one says."""
    said: dict[int, tuple[Release, str | None]] = {}
    for load in loads:
        if load.discarded_at is None:
            pull = pulled[str(load.load_id)]
            absent = set(said) - set(pull.releases) if pull.kind is LoadKind.COMPLETE else pull.gone
            for record_id in absent & set(said):
                release, gone = said[record_id]
                said[record_id] = (release, gone or f"{load.version:%Y-%m}")
            said |= {record_id: (release, None) for record_id, release in pull.releases.items()}
    return said


def _check_origins(lake: ModelLake, loads: Sequence[Load], pulled: Mapping[str, Pull]) -> None:
    """Every row names an active load, and that load said so."""
    active = {str(load.load_id) for load in loads if load.discarded_at is None}
    for record_id, load_id, title in lake.rows("release", "record_id, load_id, title"):
        assert load_id in active
        assert pulled[load_id].releases[int(record_id)].title == title
    for record_id, load_id, number, title in lake.rows("track", "record_id, load_id, track_number, title"):
        assert load_id in active
        assert pulled[load_id].releases[int(record_id)].tracks[number - 1][0] == title
    for record_id, load_id, position, url in lake.rows("image", "record_id, load_id, position, url"):
        assert load_id in active
        assert pulled[load_id].releases[int(record_id)].images[position - 1] == url
