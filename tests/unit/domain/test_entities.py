from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linernotes.domain.entities import (
    EntityType,
    TrackKind,
    bronze_id,
    entity_id,
    namespace,
    parse_quantity,
    track_address,
    track_kind,
)

LOAD = UUID("01930000-0000-7000-8000-000000000001")


@pytest.mark.parametrize(
    ("entity_type", "expected"),
    [
        (EntityType.ARTIST, "4af3f1db-e692-5167-8864-9fabc61c1f07"),
        (EntityType.LABEL, "ff79f96d-303b-5f42-80ce-59be21270583"),
        (EntityType.RELEASE_GROUP, "414540da-5a3b-59bf-a5a4-326e6fd3f3bc"),
        (EntityType.RELEASE, "a9dc0194-58ec-5bd5-96de-1f6d6efede2b"),
        (EntityType.RECORDING, "02765498-4d72-5c7d-9c98-3e7c3c2b896f"),
    ],
)
def test_entity_ids_are_the_ones_that_published_catalogues_hold(entity_type: EntityType, expected: str) -> None:
    assert entity_id(entity_type, "discogs", "1") == UUID(expected)


def test_entity_id_is_a_uuid5_in_its_types_namespace() -> None:
    assert entity_id(EntityType.ARTIST, "discogs", "1") == uuid5(namespace(EntityType.ARTIST), "discogs:1")
    assert entity_id(EntityType.ARTIST, "discogs", "1").version == 5


@given(st.sets(st.tuples(st.sampled_from(EntityType), st.sampled_from(["discogs", "musicbrainz"]), st.integers(0))))
def test_different_entities_have_different_ids(entities: set[tuple[EntityType, str, int]]) -> None:
    assert len({entity_id(kind, source, str(number)) for kind, source, number in entities}) == len(entities)


def test_bronze_id_differs_by_load_and_record() -> None:
    other = UUID("01930000-0000-7000-8000-000000000002")
    assert bronze_id(LOAD, "discogs", "1") == uuid5(LOAD, "discogs:1")
    assert (
        len({bronze_id(LOAD, "discogs", "1"), bronze_id(other, "discogs", "1"), bronze_id(LOAD, "discogs", "2")}) == 3
    )


def test_track_is_addressed_by_release_and_numbers() -> None:
    assert track_address("249504", 3) == "249504/3/0"
    assert track_address("249504", 3, 2) == "249504/3/2"


@pytest.mark.parametrize(
    ("position", "duration", "has_sub_tracks", "kind"),
    [
        ("A1", "4:45", False, TrackKind.TRACK),
        ("A1", None, False, TrackKind.TRACK),
        (None, "4:45", False, TrackKind.TRACK),
        (None, None, False, TrackKind.HEADING),
        ("", "", False, TrackKind.HEADING),
        (" ", "\n", False, TrackKind.HEADING),
        (None, None, True, TrackKind.INDEX),
        ("A1", "13:30", True, TrackKind.INDEX),
    ],
)
def test_kind_of_a_tracklist_entry(
    position: str | None, duration: str | None, has_sub_tracks: bool, kind: TrackKind
) -> None:
    assert track_kind(position, duration, has_sub_tracks=has_sub_tracks) is kind


@pytest.mark.parametrize(("text", "quantity"), [("1", 1), ("2", 2), (" 12 ", 12), ("0012", 12), ("9999", 9_999)])
def test_quantity_is_read(text: str, quantity: int) -> None:
    assert parse_quantity(text) == quantity


@pytest.mark.parametrize("text", [None, "", "0", "10000", "9" * 52, "-1", "1.5", "two", "X5", "٢", "²"])
def test_absurd_quantity_is_unknown(text: str | None) -> None:
    assert parse_quantity(text) is None


@given(st.text(st.characters(codec=None)) | st.integers().map(str))
def test_any_text_gives_a_quantity_in_bounds_or_none(text: str) -> None:
    quantity = parse_quantity(text)
    assert quantity is None or 1 <= quantity <= 9_999
