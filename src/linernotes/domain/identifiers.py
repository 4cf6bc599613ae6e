"""Identifiers: ISRC and barcode, which are printed on records, MBID, and addresses of records at Discogs."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TypedDict
from uuid import UUID

from linernotes.domain.entities import EntityType

_LONGEST_INPUT = 100
"""Longer texts are notes that somebody wrote into the field."""
_LONGEST_ADDRESS = 500
_DASHES_AND_SPACES = re.compile(r"[\s\-\u2010-\u2015\u2212\ufe58\ufe63\uff0d]+")
# The word before the code is optional for the pattern too: "ISRC1" begins a code from Iceland.
_ISRC = re.compile(r"(?:ISRC(?:CODE)?[:.#=]*)?([A-Z]{2}[A-Z0-9]{3}[0-9]{7})")

_FIRST_CENTURY_YEAR = 40
"""ISRC came in 1986: a year of 40 or more is of the last century."""

_MBID = re.compile(
    r"(?:(?:https?://)?(?:[a-z0-9-]+\.)*musicbrainz\.org/[a-z-]+/)?"
    r"(?P<mbid>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:[/?#].*)?",
    re.DOTALL,
)

_DISCOGS = re.compile(
    r"https?://(?:www\.)?discogs\.com/(?:[a-z]{2}(?:-[a-z]{2})?/)?(?:[^/?#]+/)?"
    r"(?P<kind>artist|label|master|release)s?/(?:view/)?(?P<number>[1-9][0-9]{0,9})(?:[-/?#+].*)?",
    re.DOTALL | re.IGNORECASE,
)
"""With a language or a title before the kind, as addresses had them over the years."""

_GUARD_BARS = re.compile(r"[<>|]+")
"""People type the quiet zone beside the bars as < or >."""
_NO_BARCODE = frozenset({"none", "nobarcode", "n/a", "[none]", "(none)"})
_SHORT_LENGTH = 8
_FULL_LENGTH = 13
_LENGTHS = frozenset({_SHORT_LENGTH, 11, 12, _FULL_LENGTH, 14})
"""EAN-8, UPC-A whose leading 0 a number column ate, UPC-A, EAN-13, GTIN-14."""


class BarcodeStatus(StrEnum):
    OK = "ok"
    MISSING = "missing"
    """Nobody has said."""
    NO_BARCODE = "no_barcode"
    """Said to have none."""
    NOT_DIGITS = "not_digits"
    BAD_LENGTH = "bad_length"
    BAD_CHECK = "bad_check"


@dataclass(frozen=True, slots=True)
class Barcode:
    """A barcode in its comparable form, or the reason why there is none."""

    value: str | None
    """13 digits, 8 for EAN-8; None unless the status is `ok`."""
    status: BarcodeStatus


def normalise_isrc(text: str | None) -> str | None:
    """The 12 characters of an ISRC without dashes, or None if the text is none. Nothing is repaired: O stays O.

    Format: https://isrc.ifpi.org/
    """
    if not text or len(text) > _LONGEST_INPUT:
        return None
    compact = _DASHES_AND_SPACES.sub("", text)
    match = _ISRC.fullmatch(compact.upper()) if compact.isascii() else None
    return match[1] if match else None


class SplitIsrc(TypedDict):
    """The parts of an ISRC."""

    prefix: str
    """Country and registrant."""
    country: str
    registrant: str
    ref_year: int
    """When the code was assigned, which is no release date."""
    designation: str
    formatted: str
    """As it is printed, with dashes."""


def split_isrc(isrc: str) -> SplitIsrc:
    """Take a normalised ISRC apart."""
    country, registrant, year, designation = isrc[:2], isrc[2:5], isrc[5:7], isrc[7:]
    return SplitIsrc(
        prefix=country + registrant,
        country=country,
        registrant=registrant,
        ref_year=int(year) + (1900 if int(year) >= _FIRST_CENTURY_YEAR else 2000),
        designation=designation,
        formatted=f"{country}-{registrant}-{year}-{designation}",
    )


def normalise_mbid(text: str | None) -> str | None:
    """A MusicBrainz identifier in small letters, by itself or out of its address; None for the nil UUID and others.

    Format: https://musicbrainz.org/doc/MusicBrainz_Identifier
    """
    found = _MBID.fullmatch(text.strip().lower()) if text and len(text) <= _LONGEST_ADDRESS else None
    return found["mbid"] if found and UUID(found["mbid"]).int else None


@dataclass(frozen=True, slots=True)
class DiscogsAddress:
    """A record at Discogs."""

    entity_type: EntityType
    record_id: str


def parse_discogs_address(url: str | None) -> DiscogsAddress | None:
    """The record that a web address at Discogs leads to; None for searches, users, sales and other places.

    Names as addresses (`/artist/Underworld`), which Discogs had until 2010, lead to no number and are none.
    """
    found = _DISCOGS.fullmatch(url.strip()) if url and len(url) <= _LONGEST_ADDRESS else None
    if not found:
        return None
    kind = found["kind"].lower()
    return DiscogsAddress(EntityType.RELEASE_GROUP if kind == "master" else EntityType(kind), found["number"])


def normalise_barcode(text: str | None) -> Barcode:
    """A barcode as EAN-13 (UPC-A gets its leading 0) or EAN-8, if its check digit is right.

    Format: https://www.gs1.org/services/how-calculate-check-digit-manually
    """
    if text is None:
        return Barcode(None, BarcodeStatus.MISSING)
    digits = _GUARD_BARS.sub("", _DASHES_AND_SPACES.sub("", text))
    if not digits.strip("0") or digits.lower() in _NO_BARCODE:
        return Barcode(None, BarcodeStatus.NO_BARCODE)
    if not (digits.isascii() and digits.isdigit()):
        return Barcode(None, BarcodeStatus.NOT_DIGITS)
    if len(digits) not in _LENGTHS or (len(digits) > _FULL_LENGTH and digits[0] != "0"):
        return Barcode(None, BarcodeStatus.BAD_LENGTH)
    if not _is_check_digit_right(digits):
        return Barcode(None, BarcodeStatus.BAD_CHECK)
    value = digits if len(digits) == _SHORT_LENGTH else digits.zfill(_FULL_LENGTH)[-_FULL_LENGTH:]
    return Barcode(value, BarcodeStatus.OK)


def _is_check_digit_right(digits: str) -> bool:
    """Weights 1, 3, 1, 3 … from the right, so leading zeros do not matter."""
    return (sum(map(int, digits[::-2])) + 3 * sum(map(int, digits[-2::-2]))) % 10 == 0
