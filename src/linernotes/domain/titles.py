"""Titles: what names the work, who is featured, and which version of it this is.

Only what stands at the end is taken off: brackets, tails after ` - `, and `feat. …`. A remix, a live take, an edit or
an instrumental is another recording; a remaster, a guest's name or `Original Mix` is the same one.
"""

import re
from typing import NamedTuple, TypedDict

from linernotes.domain.names import name_key

_BRACKETS = {")": "(", "]": "["}
_DASHES = (" - ", " \N{EN DASH} ", " \N{EM DASH} ")
_FEATURED = re.compile(r"(?:featuring|feat\.?|ft\.?)\s(?P<names>.+)", re.IGNORECASE | re.DOTALL)
_BETWEEN_NAMES = re.compile(r",\s|\s&\s")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")

_VERSION_WORDS = frozenset(
    (
        *("acapella", "acoustic", "alternate", "bootleg", "cappella", "cover", "demo", "dub", "edit", "extended"),
        *("instrumental", "karaoke", "live", "mashup", "mix", "mono", "orchestral", "outtake", "refix", "rehearsal"),
        *("remake", "remix", "reprise", "rework", "rmx", "session", "sessions", "stereo", "unplugged", "version"),
        "vip",
    )
)
_SAME_RECORDING = frozenset({"original mix", "original version", "original", "album version", "lp version"})
_BESIDE_REMASTER = frozenset({"digital", "digitally", "edition", "in", "the", "version"})


class SplitTitle(TypedDict):
    """A title, taken apart."""

    base: str
    """What names the work, as it is written."""
    feat: list[str]
    """Guests, as they are written."""
    version: str | None
    """Text key of what makes it another recording."""
    remaster: int | None
    """Year of the remaster, if it is told."""


class _Tail(NamedTuple):
    """What the end of a title says."""

    version: str | None = None
    remaster: int | None = None


def split_title(title: str) -> SplitTitle:
    """Take a title apart; what is not known to be a version stays in it."""
    base, guests, tails = title.strip(), list[str](), list[_Tail]()
    while found := _cut_tail(base):
        before, text = found
        if names := _FEATURED.fullmatch(text):
            guests[:0] = _split_names(names["names"])
        elif tail := _read_tail(name_key(text)):
            tails.insert(0, tail)
        else:
            break
        base = before
    for space in re.finditer(r"\s", base):
        if names := _FEATURED.fullmatch(base, space.end()):
            base, guests = base[: space.start()].rstrip(), [*_split_names(names["names"]), *guests]
            break
    versions = [tail.version for tail in tails if tail.version]
    remaster = next((tail.remaster for tail in tails if tail.remaster), None)
    return SplitTitle(base=base, feat=guests, version=", ".join(versions) or None, remaster=remaster)


def _cut_tail(title: str) -> tuple[str, str] | None:
    """A title without its last bracket or ` - ` tail, and that; None without a tail, or with nothing else."""
    if opening := _BRACKETS.get(title[-1:]):
        at = _opening_of_last(title, opening)
        text = title[at + 1 : -1]
    else:
        at = max(title.rfind(dash) for dash in _DASHES)
        text = title[at + len(_DASHES[0]) :]
    before = title[: max(at, 0)].rstrip()
    return (before, text.strip()) if before and text.strip() else None


def _opening_of_last(title: str, opening: str) -> int:
    """Where the bracket that closes at the title's end was opened; 0, as if nothing stood before it, if nowhere."""
    depth = 0
    for at in reversed(range(len(title))):
        depth += (title[at] == title[-1]) - (title[at] == opening)
        if depth == 0:
            return at
    return 0


def _read_tail(key: str) -> _Tail | None:
    """What the text key of a tail says of the recording; None if it belongs to the title."""
    words = key.split()
    if any(word.startswith("remaster") for word in words):
        year = next((int(word) for word in words if _YEAR.fullmatch(word)), None)
        rest = [word for word in words if not (word.startswith("remaster") or _YEAR.fullmatch(word))]
        version = " ".join(word for word in rest if word not in _BESIDE_REMASTER)
        return _Tail(version or None, year) if not version or _VERSION_WORDS.intersection(rest) else None
    if key in _SAME_RECORDING:
        return _Tail()
    return _Tail(key) if _VERSION_WORDS.intersection(words) else None


def _split_names(text: str) -> list[str]:
    return [name.strip() for name in _BETWEEN_NAMES.split(text) if name.strip()]
