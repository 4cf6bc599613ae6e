"""How large a catalogue will be, from its rows.

Bytes per row with indexes, measured with dbstat on the August 2020 sample (1,000 records of each entity, 63k rows) and
on copies of it (1.4M rows). There they fit to 0.4%. These are the oldest and best-kept records of Discogs, with longer
profiles and notes than the average, so for a whole month the estimate is rather too high than too low. Tables of what
several sources know (`OF_SEVERAL`) were measured on the bundled sample, with a thousand rows; `enriched_value` on six
fields of 20,000 recordings.
"""

import shutil
from collections.abc import Mapping
from pathlib import Path

BYTES_PER_ROW: Mapping[str, float] = {
    "artist": 320,
    "artist_alias": 90,
    "membership": 50,
    "label": 305,
    "release_group": 175,
    "release": 410,
    "medium": 31,
    "medium_description": 28,
    "recording": 157,
    "track": 178,
    "artist_credit": 71,
    "track_artist_credit": 61,
    "release_credit": 80,
    "track_credit": 73,
    "release_label": 75,
    "release_series": 75,
    "release_company": 71,
    "genre": 60,
    "style": 62,
    "identifier": 71,
    "video": 276,
    "image": 54,
    "url": 75,
    "other_record": 90,
    "decision": 95,
    "enriched_value": 160,
    "redirect": 105,
}
BYTES_PER_FILE = 360_000
"""Of an empty catalogue: each of its tables and indexes takes a page."""


def estimate_bytes(rows: Mapping[str, int]) -> int:
    """The size of a catalogue with so many rows per table."""
    return round(BYTES_PER_FILE + sum(BYTES_PER_ROW[table] * count for table, count in rows.items()))


def free_bytes(folder: Path) -> int | None:
    """Free space where `folder` is or would be; None where the system does not tell."""
    there = next((place for place in (folder, *folder.absolute().parents) if place.is_dir()), None)
    try:
        return shutil.disk_usage(there).free if there else None
    except OSError:
        return None
