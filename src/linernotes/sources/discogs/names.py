"""Names of dump files: the only ones that are ever listed, fetched, stored or deleted."""

import re
from datetime import date

from linernotes.domain.dumps import CHECKSUM

_NAME = re.compile(r"discogs_(\d{4})(\d{2})(\d{2})_(?:(artist|label|master|release)s\.xml\.gz|CHECKSUM\.txt)", re.ASCII)
_KEY = re.compile(r"data/(\d{4})/([A-Za-z0-9_.]+)", re.ASCII)


def parse_name(name: str) -> tuple[date, str] | None:
    """The date and entity a dump file's name tells (`checksum` for a checksum file), or None for any other name."""
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    year, month, day, entity = match.groups()
    try:
        return date(int(year), int(month), int(day)), entity or CHECKSUM
    except ValueError:
        return None


def parse_key(key: str) -> tuple[date, str, str] | None:
    """The date, entity and file name of a key such as `data/2026/discogs_20260101_labels.xml.gz`, or None."""
    match = _KEY.fullmatch(key)
    if match is None:
        return None
    year, name = match.groups()
    parsed = parse_name(name)
    if parsed is None or f"{parsed[0]:%Y}" != year:
        return None
    return *parsed, name
