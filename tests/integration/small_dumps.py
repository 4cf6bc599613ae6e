"""Small dumps made to order: a few records of each entity, and files with something wrong about them."""

import gzip
from collections.abc import Mapping
from pathlib import Path

ENTITIES = ("labels", "artists", "masters", "releases")

ARTISTS = (
    "<artist><id>1</id><name>Aavikko</name><profile>Trio</profile><data_quality>Correct</data_quality></artist>",
    "<artist><id>2</id><name>Solo (2)</name><data_quality>Correct</data_quality></artist>",
)
LABELS = ("<label><id>1</id><name>Bad Vugum</name><data_quality>Correct</data_quality></label>",)
MASTERS = (
    '<master id="1"><main_release>1</main_release><artists><artist><id>1</id><name>Aavikko</name></artist></artists>'
    "<year>1997</year><title>Derek!</title><data_quality>Correct</data_quality></master>",
)


def release(record_id: int, title: str, inside: str = "") -> str:
    """One release of artist 1 on label 1, with one track."""
    return (
        f'<release id="{record_id}" status="Accepted">'
        "<artists><artist><id>1</id><name>Aavikko</name></artist></artists>"
        f'<title>{title}</title><labels><label name="Bad Vugum" catno="BAD {record_id}" id="1"/></labels>'
        "<tracklist><track><position>A1</position><title>Viitostie</title><duration>2:19</duration></track></tracklist>"
        f"<data_quality>Correct</data_quality>{inside}</release>"
    )


JANUARY = (release(1, "Derek!"), release(2, "Oriental Baby"), release(3, "Multi Muysic"))
FEBRUARY = (release(1, "Derek!"), release(2, "Oriental Baby (Again)"), release(3, "Multi Muysic"), release(4, "Muysic"))


def document(entity: str, *records: str) -> bytes:
    """The XML of a dump."""
    return "\n".join([f"<{entity}>", *records, f"</{entity}>", ""]).encode()


def zipped(content: bytes) -> bytes:
    """Compressed, the same bytes each time."""
    return gzip.compress(content, mtime=0)


def write_month(folder: Path, day: str, releases: tuple[str, ...], *, other: Mapping[str, bytes] | None = None) -> Path:
    """Write the four files of a dump, some of them replaced by other bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    records = {"labels": LABELS, "artists": ARTISTS, "masters": MASTERS, "releases": releases}
    for entity in ENTITIES:
        content = (other or {}).get(entity) or zipped(document(entity, *records[entity]))
        (folder / f"discogs_{day}_{entity}.xml.gz").write_bytes(content)
    return folder
