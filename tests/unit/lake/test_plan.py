"""Which models are stale, which version they have, and what may be recorded of them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from linernotes.domain.uuid7 import to_uuid7
from linernotes.lake.plan import DeclaredModel, PlannedModel, plan_models, settled_models
from linernotes.lake.reading import (
    BronzeTable,
    Mode,
    ModelInput,
    Reflected,
    largest_table,
    mode_of,
    most_rows,
    readings_of,
)
from linernotes.ports.loads import Load, LoadFile, LoadKind


def table(name: str, entity: str = "release") -> BronzeTable:
    return BronzeTable(name=name, source=name.split("_", maxsplit=1)[0], entity=entity, entity_type=entity, columns={})


RELEASE, IMAGE, ARTIST = table("discogs_release"), table("discogs_release_image"), table("discogs_artist", "artist")


def load(
    number: int,
    *,
    entity: str = "release",
    source: str = "discogs",
    silent: Sequence[str] = (),
    is_discarded: bool = False,
) -> Load:
    return Load(
        load_id=to_uuid7(number),
        source=source,
        entity=entity,
        version=date(2026, number, 1),
        kind=LoadKind.INCREMENT,
        is_verified=True,
        is_silent_about=tuple(silent),
        file_name="x",
        file_sha256=None,
        record_count=1,
        landed_count=1,
        run_id=to_uuid7(0),
        discarded_at=datetime(2026, 12, 1, tzinfo=UTC) if is_discarded else None,
    )


def model(name: str, *tables: BronzeTable, parents: Sequence[str] = (), code: str = "SELECT 1") -> DeclaredModel:
    return DeclaredModel(
        unique_id=name, name=name, schema="silver", raw_code=code, tables=tables, parents=tuple(parents)
    )


TRACK = model("track", RELEASE)
RECORDING = model("recording", parents=["track"])
SUMMARY = model("summary", parents=["recording"])
KEPT = replace(SUMMARY, is_kept=True, rules="1")
MATCH = replace(model("match", parents=["recording"]), compares=frozenset({"discogs", "musicbrainz"}))
BUILT = {("silver", name) for name in ("track", "recording", "summary", "match", "artist", "image")}


def plan(
    declared: Sequence[DeclaredModel], loads: Sequence[Load], consumed: Mapping[str, frozenset[UUID]] | None = None
) -> dict[str, PlannedModel]:
    planned = plan_models(declared, loads, consumed or {}, BUILT, shared_version="1")
    return {planned_model.name: planned_model for planned_model in planned}


def consumed_by(declared: Sequence[DeclaredModel], loads: Sequence[Load]) -> dict[str, frozenset[UUID]]:
    """What is recorded once these models were built from these loads."""
    keys = [planned.key for planned in plan(declared, loads).values()]
    return {key: ids for model_key in keys for key, ids in Reflected.now(loads).to_consumed(model_key).items()}


def modes(planned: Mapping[str, PlannedModel]) -> dict[str, Mode]:
    return {name: planned_model.mode for name, planned_model in planned.items()}


def test_models_come_after_those_they_are_made_from() -> None:
    assert list(plan([SUMMARY, RECORDING, TRACK], [load(1)])) == ["track", "recording", "summary"]


def test_a_model_that_took_in_nothing_is_created_whole() -> None:
    assert modes(plan([TRACK, RECORDING], [load(1)])) == {"track": Mode.FIRST, "recording": Mode.FIRST}


def test_a_model_that_reflects_every_load_is_left_alone() -> None:
    loads = [load(1), load(2)]
    declared = [TRACK, RECORDING]
    assert set(modes(plan(declared, loads, consumed_by(declared, loads))).values()) == {Mode.NOTHING}


def test_a_new_load_makes_a_model_and_what_is_made_from_it_stale() -> None:
    declared = [TRACK, RECORDING, SUMMARY]
    planned = plan(declared, [load(1), load(2)], consumed_by(declared, [load(1)]))
    assert modes(planned) == {"track": Mode.INCREMENT, "recording": Mode.FIRST, "summary": Mode.FIRST}


def test_a_model_that_is_behind_the_models_it_is_made_from_is_stale() -> None:
    declared, loads = [TRACK, RECORDING, SUMMARY], [load(1), load(2)]
    consumed = consumed_by(declared, [load(1)]) | consumed_by([TRACK], loads)
    assert modes(plan(declared, loads, consumed)) == {
        "track": Mode.NOTHING,
        "recording": Mode.FIRST,
        "summary": Mode.FIRST,
    }


@pytest.mark.parametrize(
    ("first", "then", "mode"),
    [
        ([], [load(1)], Mode.FIRST),  # the table has to be there
        ([load(1)], [load(1), load(2)], Mode.NOTHING),
        ([load(1)], [load(1), load(2, source="musicbrainz")], Mode.FIRST),
        ([load(1), load(2, source="musicbrainz")], [load(1), load(2, source="musicbrainz"), load(3)], Mode.FIRST),
        (
            [load(1), load(2, source="musicbrainz")],
            [load(1), load(2, source="musicbrainz", is_discarded=True)],
            Mode.FIRST,  # what the discarded load brought has to go
        ),
        (
            [load(1), load(2, source="musicbrainz", is_discarded=True)],
            [load(1), load(2, source="musicbrainz", is_discarded=True), load(3)],
            Mode.NOTHING,
        ),
    ],
)
def test_a_model_that_compares_sources_is_stale_only_where_it_has_all_of_them(
    first: Sequence[Load], then: Sequence[Load], mode: Mode
) -> None:
    declared = [model("track", RELEASE, table("musicbrainz_release")), RECORDING, MATCH]
    assert modes(plan(declared, then, consumed_by(declared, first)))["match"] is mode


@pytest.mark.parametrize(
    ("changed", "loads", "mode"),
    [
        (KEPT, [load(1)], Mode.NOTHING),
        (KEPT, [load(1), load(2)], Mode.AGAIN),
        (replace(KEPT, rules="2"), [load(1)], Mode.AGAIN),
        (replace(KEPT, raw_code="SELECT 2"), [load(1)], Mode.FIRST),  # its columns may be others
    ],
)
def test_what_is_kept_is_made_again_beside_what_stands_unless_its_code_changed(
    changed: DeclaredModel, loads: Sequence[Load], mode: Mode
) -> None:
    consumed = consumed_by([TRACK, RECORDING, KEPT], [load(1)])
    assert modes(plan([TRACK, RECORDING, changed], loads, consumed))["summary"] is mode


def test_a_load_of_another_entity_makes_nothing_stale() -> None:
    declared = [TRACK, RECORDING]
    planned = plan(declared, [load(1), load(2, entity="artist")], consumed_by(declared, [load(1)]))
    assert set(modes(planned).values()) == {Mode.NOTHING}


def test_a_load_that_is_silent_about_a_table_makes_nothing_stale() -> None:
    declared = [model("image", IMAGE)]
    planned = plan(declared, [load(1), load(2, silent=[IMAGE.name])], consumed_by(declared, [load(1)]))
    assert modes(planned) == {"image": Mode.NOTHING}


def test_a_table_that_is_lost_is_created_whole() -> None:
    declared, loads = [TRACK, RECORDING], [load(1)]
    planned = plan_models(declared, loads, consumed_by(declared, loads), {("silver", "recording")}, shared_version="1")
    assert [planned_model.mode for planned_model in planned] == [Mode.FIRST, Mode.FIRST]


def test_a_changed_model_is_another_version_and_so_is_what_is_made_from_it() -> None:
    before = plan([TRACK, RECORDING, model("artist", ARTIST)], [])
    after = plan([replace(TRACK, raw_code="SELECT 2"), RECORDING, model("artist", ARTIST)], [])
    changed = {name for name in before if before[name].key != after[name].key}
    assert changed == {"track", "recording"}


def test_a_change_of_what_all_models_share_is_another_version_of_each() -> None:
    before, after = (plan_models([TRACK], [], {}, BUILT, shared_version=version) for version in ("1", "2"))
    assert before[0].key != after[0].key


@pytest.mark.parametrize(
    ("taken", "left_out", "mode"),
    [
        ([1], [], Mode.INCREMENT),
        ([1, 2], [], Mode.INCREMENT),
        ([1], [2], Mode.NOTHING),
        ([], [], Mode.FIRST),
    ],
)
def test_a_discarded_load_counts_as_taken_in_until_it_is_known_to_be_left_out(
    taken: Sequence[int], left_out: Sequence[int], mode: Mode
) -> None:
    reflected = Reflected(taken=frozenset(map(to_uuid7, taken)), left_out=frozenset(map(to_uuid7, left_out)))
    model_input = ModelInput(model="track", tables=(RELEASE,), reflected=reflected)
    assert mode_of(model_input, [load(1), load(2, is_discarded=True)]) is mode


@pytest.mark.parametrize(
    ("taken", "is_whole"),
    [([], False), ([1], False), ([1, 2], False), ([2], True), ([1, 3], True), ([1, 2, 3], False)],
)
def test_older_loads_are_searched_only_where_one_comes_late(taken: Sequence[int], is_whole: bool) -> None:
    reflected = Reflected(taken=frozenset(map(to_uuid7, taken)))
    model_input = ModelInput(model="track", tables=(RELEASE,), reflected=reflected)
    assert readings_of(model_input, [load(1), load(2), load(3)])[0].is_whole is is_whole


def test_what_is_recorded_is_read_back() -> None:
    reflected = Reflected.now([load(1), load(2, is_discarded=True)])
    assert Reflected.read("track@1", reflected.to_consumed("track@1")) == reflected
    assert Reflected.read("track@2", reflected.to_consumed("track@1")) == Reflected()


@pytest.mark.parametrize(
    ("succeeded", "failed", "settled"),
    [
        ({"track", "recording", "summary"}, set(), ["track", "recording", "summary"]),
        ({"track", "recording", "summary"}, {"recording"}, ["track"]),
        ({"recording", "summary"}, {"track"}, []),
        ({"recording", "summary"}, set(), []),
        ({"track", "summary"}, set(), ["track"]),
    ],
)
def test_only_models_made_from_models_that_passed_are_settled(
    succeeded: set[str], failed: set[str], settled: list[str]
) -> None:
    planned = tuple(plan([TRACK, RECORDING, SUMMARY], [load(1)]).values())
    assert [planned_model.name for planned_model in settled_models(planned, succeeded, failed)] == settled


def test_a_model_with_nothing_to_do_is_settled_unless_its_test_failed() -> None:
    declared, loads = [TRACK, RECORDING], [load(1)]
    planned = tuple(plan(declared, loads, consumed_by(declared, loads)).values())
    assert len(settled_models(planned, set(), set())) == 2
    assert settled_models(planned, set(), {"track"}) == ()


def test_the_largest_table_says_how_much_there_is_to_take_in() -> None:
    months = [
        replace(
            load(number),
            files=tuple(
                LoadFile(table=table.name, path="x", row_count=count, size_bytes=1)
                for table, count in ((RELEASE, rows), (IMAGE, 3 * rows), (ARTIST, 1000))
            ),
        )
        for number, rows in ((1, 100), (2, 10))
    ]
    reflected = Reflected(taken=frozenset({to_uuid7(1)}))
    both = ModelInput(model="release", tables=(RELEASE, IMAGE), reflected=reflected)
    assert most_rows(both, months, new_only=False) == 330
    assert most_rows(both, months, new_only=True) == 30
    assert most_rows(ModelInput(model="none", tables=()), months, new_only=False) == 0
    assert (largest_table(months), largest_table([])) == (2000, 0)
