"""Whose value survives where several sources know an entity."""

import pytest

from linernotes.domain.survivorship import surviving_source, waterfall_of


@pytest.mark.parametrize(
    ("field", "sources", "expected"),
    [
        ("artist.name", ["discogs", "musicbrainz"], "musicbrainz"),
        ("artist.name", ["musicbrainz", "discogs"], "musicbrainz"),
        ("artist.name", ["discogs"], "discogs"),
        ("release.genre", ["discogs", "musicbrainz"], "discogs"),
        ("release.genre", ["musicbrainz"], "musicbrainz"),
        ("release.format", ["musicbrainz", "discogs"], "discogs"),
        ("artist.name", ["legacy"], None),
        ("artist.name", [], None),
    ],
)
def test_the_source_that_comes_first_in_a_field_counts(field: str, sources: list[str], expected: str | None) -> None:
    assert surviving_source(field, sources) == expected


def test_a_field_has_a_rule_for_each_source() -> None:
    waterfall = waterfall_of("release.genre")
    assert waterfall.field == "release.genre"
    assert [(rule.provider, rule.priority) for rule in waterfall.rules] == [("discogs", 0), ("musicbrainz", 1)]
