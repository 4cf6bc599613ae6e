"""The fast reader and the careful one read the same, whatever is done to a record, and no record is lost."""

import gzip
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from benchmarks.generate_discogs import Month, lines
from linernotes.sources.discogs.careful import BadRecordError, CarefulReader
from linernotes.sources.discogs.keys import start_pattern
from linernotes.sources.discogs.landing import LandingSettings
from linernotes.sources.discogs.records import RecordSplitter
from linernotes.sources.discogs.tables import ENTITIES
from linernotes.sources.discogs.tally import Limits
from tests.landing_kit import InMemory, land, zipped

LENIENT = Limits(drift=1.0, bad_records=1.0)
FAST = LandingSettings(threads=1, limits=LENIENT)
CAREFUL = LandingSettings(threads=1, limits=LENIENT, is_careful_only=True)
DOCUMENTS, MUTATED, WHOLE = 50, 10, 10
"""Per entity: 50 documents of 10 whole records and 10 mutated ones."""

INSERTED = (
    *(
        b"<",
        b">",
        b"&",
        b'"',
        b"'",
        b"/",
        b"]]>",
        b"\r",
        b"\n",
        b"\t",
        b"\x07",
        b"\x1f",
        b"\xff",
        b"\xc3",
        b"\xef\xbf\xbe",
    ),
    *(b"&#7;", b"&#x1F;", b"&#xFFFE;", b"&#228;", b"&nbsp;", b"&amp;", b"<!-- x -->", b"<?x y?>", b"<![CDATA[<x>]]>"),
    *(b"<!DOCTYPE x>", b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>", b"&e;", b"<new>1</new>", b"<new/>"),
    *(
        b' new="1"',
        b" id='7'",
        b' id="7"',
        b"<id>7</id>",
        b"<name>again</name>",
        b"<title>again</title>",
        b"<profile/>",
    ),
    *(b"</release>", b"</label>", b"</artist>", b"<label>", b"<artist>", b'<release id="8">', b"</releases>", b"text"),
    *(
        b"<images><image/></images>",
        b"<sublabels>",
        b"</sublabels>",
        b"<sub_tracks/>",
        b"<members><id/><name/></members>",
    ),
)


def real_records(shared_data: Path, entity: str) -> list[bytes]:
    splitter = RecordSplitter(ENTITIES[entity], source=entity, chunk_bytes=1 << 20)
    with gzip.open(shared_data / "discogs" / f"discogs_20200806_{entity}s.xml.gz") as file:
        chunks = list(splitter.chunks([file.read()]))
    return [chunk.data[begin:end].strip() for chunk in chunks for begin, end in chunk.spans]


def differences(one: InMemory, other: InMemory) -> list[str]:
    """What two landings do not have in common."""
    different = [
        name for name in one.tables.keys() | other.tables.keys() if one.tables.get(name) != other.tables.get(name)
    ]
    reports = [
        {**run.landed.report, "records": {**run.landed.report["records"], "read_carefully": 0}}  # type: ignore[dict-item]  # JSON
        for run in (one, other)
    ]
    different += ["report"] if reports[0] != reports[1] else []
    different += ["quarantine"] if one.landed.quarantined != other.landed.quarantined else []
    hashes = [name for name in one.writer.schemas if name.endswith("_hash")]
    return different + [name for name in hashes if one.writer.rows(name) != other.writer.rows(name)]


def mutate(record: bytes, chance: random.Random) -> bytes:
    """Do one bad thing to a record."""
    at, other = sorted(chance.randrange(len(record) + 1) for _ in range(2))
    near = min(len(record), at + chance.randrange(1, 40))
    tags = [place for place, byte in enumerate(record) if byte == ord("<")]
    tag = chance.choice(tags)
    return chance.choice(
        (
            record[:at] + bytes([chance.randrange(256)]) + record[at + 1 :],
            record[:at] + record[near:],
            record[:near] + record[at:],
            record[:at] + chance.choice(INSERTED) + record[at:],
            record[:tag] + chance.choice(INSERTED) + record[tag:],
            record[:tag] + record[tag + 1 :],
            record[:tag] + record[tag:].partition(b">")[2],
            record[:tag] + record[tag:other] + record[tag:],
            record[: other or 1],
            record.replace(b'"', b"'"),
            record.replace(b">", b" >"),
            record.replace(b"><", b">\n  <"),
        )
    )


def documents(records: Sequence[bytes]) -> Iterator[tuple[list[bytes], list[bytes]]]:
    """Whole records and mutated ones among them: all, and the whole ones."""
    chance = random.Random(2008)
    small = [record for record in records if len(record) < 4000]
    for _ in range(DOCUMENTS):
        whole = chance.sample(small, WHOLE + MUTATED)
        hit = set(chance.sample(range(WHOLE + MUTATED), MUTATED))
        everything = [mutate(record, chance) if at in hit else record for at, record in enumerate(whole)]
        yield everything, [record for at, record in enumerate(whole) if at not in hit]


def lost(entity: str, records: Sequence[bytes], found: InMemory) -> list[bytes]:
    """Records, and parts of records, that were neither landed nor set aside."""
    reader = CarefulReader(entity)
    landed = set(found.ids)
    aside = b"\0".join(record.body for record in found.landed.quarantined)

    def is_landed(record: bytes) -> bool:
        try:
            return reader.read(record).record_id in landed
        except BadRecordError:
            return False

    def is_kept(record: bytes) -> bool:
        begin, end = max(0, record.find(f"<{entity}".encode())), record.rfind(end_tag) + len(end_tag)
        around_good = [record[:begin], record[end:]] if is_landed(record[begin:end]) else [record]
        pieces = [piece.strip() for part in around_good for piece in cuts.split(part)]
        return all(piece in aside or is_landed(piece) for piece in pieces)

    end_tag = f"</{entity}>".encode()
    cuts = re.compile(rb"(?<=%s)|(?=%s)" % (end_tag, start_pattern(ENTITIES[entity]).pattern))
    return [record for record in records if not is_landed(record) and not is_kept(record)]


@pytest.mark.proves("Nothing that stands in a Discogs dump is dropped", real=True)
@pytest.mark.parametrize("entity", ENTITIES)
def test_on_the_real_files_the_readers_do_not_differ(shared_data: Path, entity: str) -> None:
    path = shared_data / "discogs" / f"discogs_20200806_{entity}s.xml.gz"
    fast, careful = land(path, entity, settings=FAST), land(path, entity, settings=CAREFUL)
    assert differences(fast, careful) == []
    assert fast.landed.record_count == 1000
    assert fast.landed.report["records"]["read_carefully"] == 0  # type: ignore[index]  # JSON
    assert fast.landed.report["drift"] == {"count": 0, "share": 0.0, "places": []}


@pytest.mark.parametrize("is_new_era", [False, True])
@pytest.mark.parametrize("entity", ENTITIES)
def test_on_generated_files_of_both_eras_the_readers_do_not_differ(
    tmp_path: Path, entity: str, *, is_new_era: bool
) -> None:
    month = Month(releases=400, is_new_era=is_new_era, series=0.2)
    records = "".join(list(lines(month, entity))[1:-1]).encode().splitlines(keepends=True)
    path = zipped(tmp_path, entity, [b"".join(records)])
    assert differences(land(path, entity, settings=FAST), land(path, entity, settings=CAREFUL)) == []


@pytest.mark.parametrize("entity", ENTITIES)
def test_on_mutated_records_the_readers_do_not_differ_and_nothing_is_lost(
    shared_data: Path, tmp_path: Path, entity: str
) -> None:
    found: list[object] = []
    for everything, _ in documents(real_records(shared_data, entity)):
        path = zipped(tmp_path, entity, everything)
        fast = land(path, entity, settings=FAST)
        found += differences(fast, land(path, entity, settings=CAREFUL))
        found += lost(entity, everything, fast)
        records = fast.landed.report["records"]
        found += [] if is_balanced(records) else [records]
    assert found == []


def is_balanced(records: object) -> bool:
    assert isinstance(records, dict)
    return bool(records["in_file"] == records["landed"] + records["unchanged"] + records["quarantined"])
