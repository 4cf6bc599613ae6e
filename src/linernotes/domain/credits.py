"""Artist credits: who is credited, under which name, and what stands between the names."""

from collections.abc import Mapping, Sequence

from linernotes.domain.names import parse_discogs_name

_NO_SPACE_BEFORE = (",", ";", ":", ".")


def credited_name(name: str, name_variation: str | None) -> str:
    """The name as the release prints it: Discogs' ANV where there is one, else the artist's name without its number."""
    return name_variation or parse_discogs_name(name).display_name


def join_phrase(join: str | None) -> str:
    """What stands between a credited name and the next, spaces included; a comma where Discogs tells nothing."""
    word = (join or "").strip()
    if word.startswith(_NO_SPACE_BEFORE):
        return f"{word} "
    return f" {word} " if word else ", "


def join_discogs(artists: Sequence[Mapping[str, str | None]]) -> str:
    """One line for the artists of a release or track, from Discogs' `name`, `anv` and `join`.

    The join of the last artist leads nowhere and is left out.
    """
    line = "".join(
        credited_name(artist["name"] or "", artist.get("anv")) + join_phrase(artist.get("join")) for artist in artists
    )
    return line.removesuffix(join_phrase(artists[-1].get("join"))) if artists else line


def join_musicbrainz(names: Sequence[Mapping[str, str]]) -> str:
    """One line for an artist credit, from MusicBrainz' `name` and `joinphrase`, which has its spaces."""
    return "".join(credited["name"] + credited["joinphrase"] for credited in names)
