"""Survivorship: where several sources know an entity, whose value of a field counts."""

from collections.abc import Mapping, Sequence

from linernotes.domain.waterfall import Observation, Rule, Waterfall, decide

SOURCES = ("musicbrainz", "discogs")
"""MusicBrainz first: its names are spelled as the artist does, its dates and types are fields and not free text."""
EXCEPTIONS: Mapping[str, Sequence[str]] = {
    # One of a list of 15, where MusicBrainz counts votes for any word.
    "release_group.genre": ("discogs", "musicbrainz"),
    "release.genre": ("discogs", "musicbrainz"),
    # As printed on the sleeve; MusicBrainz credits recordings rather than releases.
    "release.credits": ("discogs", "musicbrainz"),
    # One of a short list; size and speed are words of their own, where MusicBrainz has a format for each (12" Vinyl).
    "release.format": ("discogs", "musicbrainz"),
}
"""Fields in which the sources come in another order."""


def waterfall_of(field: str) -> Waterfall:
    """The rules by which the sources' values of a field survive.

    Args:
        field: `<entity type>.<field>`; values that belong together, such as a label and its catalogue number, are one.
    """
    sources = EXCEPTIONS.get(field, SOURCES)
    return Waterfall(
        field=field, rules=tuple(Rule(provider=source, priority=place) for place, source in enumerate(sources))
    )


def surviving_source(field: str, sources: Sequence[str]) -> str | None:
    """Whose value of a field counts, of the sources that have one; None where none of them may speak.

    Args:
        field: As in `waterfall_of`.
        sources: Those that have a value, in any order.
    """
    said = [Observation(provider=source, value=source) for source in sources]
    winner = decide(said, waterfall_of(field)).winner
    return winner.provider if winner else None
