"""From records as received, through a real build, into a published catalogue: every table fits."""

from pathlib import Path

from linernotes.destinations.sqlite.own_file import OwnFile
from linernotes.destinations.sqlite.tables import OF_SEVERAL, TABLES
from linernotes.domain.validation import Policy, has_errors
from linernotes.ports.destinations import Scope
from linernotes.usecases.publish import promote, stage, validate
from linernotes.usecases.publish_record import Publishing
from tests.destinations import query
from tests.lake_kit import LakeHome, record

SVEK = {"id": "5", "name": "Svek", "catno": "SK032"}
PERSUADER = {"id": "1", "name": "The Persuader"}
DAHLBACK = {"id": "239", "name": "Jesper Dahlbäck"}
STOCKHOLM = record(
    "release",
    1,
    status="Accepted",
    title="Stockholm",
    country="Sweden",
    released="1999-03-00",
    master_id="1660109",
    is_main_release="true",
    artist=[PERSUADER],
    credit=[{**DAHLBACK, "role": "Music By [All Tracks By]"}],
    label=[SVEK],
    series=[{"name": "Svek Classics", "id": "5"}],
    company=[{"id": "56025", "name": "MPO", "entity_type": "17", "entity_type_name": "Pressed By"}],
    format=[{"name": "Vinyl", "qty": "2"}],
    format_description=[{"format_index": 0, "description": '12"'}],
    genre=[{"genre": "Electronic"}],
    style=[{"style": "Deep House"}],
    track=[{"position": "A", "title": "Östermalm", "duration": "4:45"}, {"position": "B", "title": "Suite"}],
    track_artist=[{"track_index": 0, **PERSUADER}],
    track_credit=[{"track_index": 0, **DAHLBACK, "role": "Written-By"}],
    sub_track=[{"track_index": 1, "position": "B1", "title": "Vasastaden", "duration": "6:11"}],
    identifier=[{"type": "Matrix / Runout", "value": "MPO SK 032 A1"}],
    video=[{"src": "https://example.org/1", "duration": "285", "embed": "true", "title": "Östermalm"}],
    image=[{"type": "primary", "width": "600", "height": "600"}],
)
ARTIST = record(
    "artist",
    1,
    name="The Persuader",
    alias=[DAHLBACK],
    member=[DAHLBACK],
    url=[{"url": "https://en.wikipedia.org/wiki/Jesper_Dahlb%C3%A4ck"}],
)


def test_a_built_lake_is_published_table_by_table(tmp_path: Path) -> None:
    home = LakeHome(tmp_path)
    home.load("2026-01-01", record("label", 5, name="Svek"))
    home.load("2026-01-01", ARTIST)
    home.load("2026-01-01", record("master", 1660109, main_release="1", title="Stockholm", artist=[PERSUADER]))
    home.load("2026-01-01", STOCKHOLM)
    assert home.build().is_green
    publishing = Publishing(
        destination=OwnFile(
            folder=tmp_path / "production",
            lake=lambda snapshot: home.engine.connect(snapshot=snapshot),
            progress=home.progress,
        ),
        publications=home.ledger.publications,
        runs=home.ledger.runs,
        leases=home.ledger.leases,
        progress=home.progress,
        clock=home.ledger.clock,
        new_id=home.ledger.new_id,
        policy=Policy(),
        size_limit_bytes=10_000_000,
        keep_backups=1,
        code_version="test",
        settings={},
    )
    staged = stage(publishing, Scope()).staged
    assert staged
    assert {table for table in TABLES if not staged.rows[table]} == {*OF_SEVERAL, "enriched_value"}
    assert not has_errors(validate(publishing).findings)
    path = Path(promote(publishing).location)
    assert query(path, "SELECT title, artist, album_id, duration FROM songs ORDER BY id") == [
        ("Östermalm", "The Persuader", 1660109, 285),
        ("Vasastaden", "The Persuader", 1660109, 371),
    ]
    assert query(path, "SELECT count(*) FROM load") == [(4,)]
