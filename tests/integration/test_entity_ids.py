"""Five successive months in which things are matched, merge, split and return: which ids artists have, and lead to."""

import shutil
from pathlib import Path

import psycopg
import pytest

from linernotes.domain.entities import EntityType, entity_id
from linernotes.sample import MONTHS, write_dumps, write_musicbrainz
from tests.faults.liner import Home
from tests.musicbrainz_homes import pull_database
from tests.musicbrainz_kit import load_dump

MBID = "fbf0a2f9-d4d9-523a-9fc1-41dbf093fd4a"
NEW = "9aef1a05-7f0d-4e0c-9a52-2f2f1e6a4d11"
NAMES = """
SELECT artist_id, name FROM gold.artist_summary
WHERE
    'discogs 27' IN (source || ' ' || record_id, other_source || ' ' || other_record_id)
    OR source = 'musicbrainz' AND record_id = '9126'
"""
LEADS = "SELECT from_id, to_id FROM silver.entity_redirect WHERE entity_type = 'artist'"
REFERENCES = (
    "artist_alias.artist", "artist_credit_name.artist", "artist_ipi.artist", "artist_isni.artist", "artist_tag.artist",
    "l_artist_artist.entity0", "l_artist_artist.entity1", "l_artist_recording.entity0", "l_artist_release.entity0",
    "l_artist_url.entity0",
)  # fmt: skip
"""What names an artist at MusicBrainz, and is moved when artists are merged."""


MERGE = (
    "INSERT INTO artist_gid_redirect (gid, new_id) SELECT gid, 9126 FROM artist WHERE id = 126",
    f"UPDATE artist SET id = 9126, gid = '{NEW}' WHERE id = 126",
    *(
        f"UPDATE {table} SET {column} = 9126 WHERE {column} = 126"
        for table, column in (reference.split(".") for reference in REFERENCES)
    ),
)
SPLIT = (
    "DELETE FROM l_artist_url WHERE entity0 = 9126",
    "UPDATE artist SET name = 'Organisation' WHERE id = 9126",
)
RETURN = ("UPDATE artist SET name = 'Kraftwerk' WHERE id = 9126",)


def kraftwerk(source: str, source_id: str) -> str:
    return str(entity_id(EntityType.ARTIST, source, source_id))


def pull(home: Home, url: str, *changes: str) -> None:
    """Change the database without its triggers, as a merge of MusicBrainz' own does it in many steps, and pull it."""
    with psycopg.connect(url) as connection:
        connection.execute("SET search_path = musicbrainz, public; SET session_replication_role = replica")
        for statement in changes:
            connection.execute(statement.encode())
    pulled = pull_database(home, url)
    assert pulled.status == 0, pulled


def ids(home: Home) -> tuple[dict[str, str], dict[str, str]]:
    """Who is called what by id, of the artist that changes; and where ids lead."""
    built = home.run("build")
    assert built.status == 0, built
    names, leads = (home.run("query", query, "--format", "json").document for query in (NAMES, LEADS))
    return {row["artist_id"]: row["name"] for row in names}, {row["from_id"]: row["to_id"] for row in leads}


@pytest.mark.proves("Ids last: a rebuild gives the same, and an id that was given up leads on")
def test_ids_last_while_things_are_matched_merged_split_and_return(empty_musicbrainz: str, tmp_path: Path) -> None:
    write_dumps(tmp_path / "discogs")
    load_dump(empty_musicbrainz, write_musicbrainz(tmp_path / "musicbrainz")[0][0])
    home = Home(tmp_path / "home", is_counted=False)
    home.run("pull", "discogs", "--from", str(tmp_path / "discogs"), "--month", MONTHS[0])
    discogs, first, merged = kraftwerk("discogs", "27"), kraftwerk("musicbrainz", MBID), kraftwerk("musicbrainz", NEW)
    assert ids(home) == ({discogs: "Kraftwerk"}, {})

    pull(home, empty_musicbrainz)
    names, leads = ids(home)
    assert (names, leads[discogs]) == ({first: "Kraftwerk"}, first)

    pull(home, empty_musicbrainz, *MERGE)
    names, leads = ids(home)
    assert (names, leads[discogs], leads[first]) == ({merged: "Kraftwerk"}, merged, merged)

    pull(home, empty_musicbrainz, *SPLIT)
    names, leads = ids(home)
    assert (names, leads.get(discogs), leads[first]) == (
        {merged: "Organisation", discogs: "Kraftwerk"},
        None,
        merged,
    )

    pull(home, empty_musicbrainz, *RETURN)
    names, leads = ids(home)
    assert (names, leads[discogs], leads[first]) == ({merged: "Kraftwerk"}, merged, merged)

    shutil.rmtree(home.path / "lake")
    assert ids(home) == (names, leads)
