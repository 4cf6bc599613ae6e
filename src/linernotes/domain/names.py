"""Names: their text keys for matching and search, Discogs' way of writing them, and Various Artists."""

import re
import unicodedata
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from itertools import groupby, islice

_APOSTROPHES = frozenset("'`\u2018\u2019\u201b\u2032\u02b9\u02bb\u02bc\u02bd\u02c8")
# Compatibility mapping would turn these spacing accents, all typed as apostrophes, into a space with a mark.
_SPACING_ACCENTS = dict.fromkeys(map(ord, "\u00b4\u1fbd\u1fbf\u1ffd\u1ffe"), "'")
# Letters with a stroke or in one piece, which no Unicode decomposition takes apart.
_PLAIN_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"}
)
_LATIN_AND_GREEK = (
    (0x0041, 0x024F),
    (0x0250, 0x02AF),
    (0x0370, 0x03FF),
    (0x1E00, 0x1FFF),
    (0x2C60, 0x2C7F),
    (0xA720, 0xA7FF),
    (0xAB30, 0xAB6F),
)
_SPACES = frozenset("\t\n\v\f\r\x85")
# "M.I.A." and "R.E.M" are one word; "St.Vincent" and "Vol. 1" are two.
_ACRONYM_PERIOD = re.compile(r"(?<=\b[^\W_])\.(?=[^\W_]\b|\W|\Z)")
# Normalising takes time in the square of a run of marks; Unicode's Stream-Safe Text Format (UAX #15) allows 30.
_LONG = 1_000
_MARKS_IN_A_ROW = 30

_HOMONYM_SUFFIX = re.compile(r"\s\(([1-9][0-9]{0,5})\)\Z")
_TRAILING_ARTICLE = ", The"
_VARIOUS_IDS = frozenset({"194", "89ad4ac3-39f7-470e-963a-56509c546377"})
"""Discogs' and MusicBrainz's artist for compilations."""
_VARIOUS_KEYS = frozenset({"various", "various artists", "va", "v a"})


class _Part(IntEnum):
    """What a character is to the marks around it."""

    DROPPED = 0
    MARK = 1
    KEEPS_MARKS = 2
    """A letter of a script whose marks make other letters: й, ガ."""
    BARE = 3


@dataclass(frozen=True, slots=True)
class DiscogsName:
    """A name as Discogs shows it, apart from the number that tells same-named artists or labels apart."""

    display_name: str
    homonym_number: int | None
    """2 or more; the first holder of a name has none."""


def name_key(name: str) -> str:
    """The same text for spellings that mean the same name: lower case, no accents or punctuation, single spaces.

    Accents go from Latin and Greek letters only, and nothing is transliterated. A name of symbols alone (`!!!`, `+`)
    keeps them; a name without any visible character gives "". The key of a key is that key.
    """
    text = name if name.isascii() else name.translate(_latin_letters())
    if text.isascii():
        return _fold_ascii(text)
    text = _to_base_letters(_shorten_runs_of_marks(name) if len(name) > _LONG else name)
    words = "".join(map(_fold, _ACRONYM_PERIOD.sub("", text))).split() or text.split()
    return unicodedata.normalize("NFC", " ".join(words))


def parse_discogs_name(name: str) -> DiscogsName:
    """Split `Shadows, The (3)` into `The Shadows` and 3. Discogs' numbers start at 2, so `(1)` belongs to the name."""
    display, number = name.strip(), None
    if display.endswith(")") and (suffix := _HOMONYM_SUFFIX.search(display)):
        base = display[: suffix.start()].rstrip()
        if base and int(suffix[1]) > 1:
            display, number = base, int(suffix[1])
    base = display.removesuffix(_TRAILING_ARTICLE).rstrip()
    if base and base != display:
        display = f"The {base}"
    return DiscogsName(display, number)


def is_various(name: str, record_id: str | None = None) -> bool:
    """Whether an artist stands for a compilation's many. A known id decides; the name counts only without one."""
    if record_id is not None:
        return record_id in _VARIOUS_IDS
    return name_key(name) in _VARIOUS_KEYS


@lru_cache(maxsize=1)
def _latin_letters() -> dict[int, str]:
    """Western letters by code, plain: none of them depends on its neighbours, so most names need nothing else."""
    return {code: _to_base_letters(chr(code)) for code in range(0x80, 0x0180)}


def _to_base_letters(text: str) -> str:
    """Case, compatibility forms and accents taken away; punctuation still there."""
    text = unicodedata.normalize("NFKC", text.translate(_SPACING_ACCENTS)).casefold()
    return _strip_marks(unicodedata.normalize("NFKD", text)).translate(_PLAIN_LETTERS)


def _fold_ascii(name: str) -> str:
    """`name_key` for plain ASCII, at a quarter of the time."""
    lowered = name.lower()
    if not lowered.isprintable():
        lowered = lowered.translate(_ASCII_CONTROLS)
    text = _ACRONYM_PERIOD.sub("", lowered) if "." in lowered else lowered
    if "&" in text:
        text = text.replace("&", " and ")
    return " ".join(text.translate(_ASCII_FOLDS).split() or lowered.split())


def _shorten_runs_of_marks(text: str) -> str:
    runs = groupby(text, key=lambda character: unicodedata.combining(character) != 0)
    return "".join(
        character for is_mark, run in runs for character in islice(run, _MARKS_IN_A_ROW if is_mark else None)
    )


def _strip_marks(text: str) -> str:
    """Leave out invisible characters, and marks that do not follow a letter of a script that needs them."""
    kept = []
    keeps_marks = False
    for character in text:
        part = _part(character)
        if part is _Part.DROPPED:
            continue
        if part is not _Part.MARK:
            keeps_marks = part is _Part.KEEPS_MARKS
        elif not keeps_marks:
            continue
        kept.append(character)
    return "".join(kept)


@lru_cache(maxsize=65_536)
def _part(character: str) -> _Part:
    category = unicodedata.category(character)
    if category in {"Cf", "Cs"} or (category == "Cc" and character not in _SPACES):
        return _Part.DROPPED
    if category[0] == "M":
        return _Part.MARK
    code = ord(character)
    if category[0] != "L" or character in _APOSTROPHES or any(low <= code <= high for low, high in _LATIN_AND_GREEK):
        return _Part.BARE
    return _Part.KEEPS_MARKS


@lru_cache(maxsize=65_536)
def _fold(character: str) -> str:
    """What stands for one character of normalised text in a key."""
    if character in _APOSTROPHES:
        return ""
    if character == "&":
        return " and "
    if character in _SPACES or unicodedata.category(character)[0] in "PSZ":
        return " "
    return character


_ASCII_CONTROLS = {code: None for code in (*range(0x20), 0x7F) if chr(code) not in _SPACES}
_ASCII_FOLDS = {code: None if chr(code) in _APOSTROPHES else " " for code in range(0x80) if not chr(code).isalnum()}
