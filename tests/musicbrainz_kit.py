"""A MusicBrainz database of the tests' own: the real schema from the package `mbdata`, with rows of a dump.

Replication packets of it come from MusicBrainz' own triggers.
"""

import bz2
import importlib.util
import io
import re
import tarfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from linernotes.sample import write_musicbrainz
from tests.postgres import PrivatePostgres

_STATEMENTS = """
    CREATE SCHEMA musicbrainz;
    SET search_path = musicbrainz, public;
    SET check_function_bodies = off;
    CREATE COLLATION musicbrainz.musicbrainz FROM "C";
    CREATE DOMAIN public.cube AS text;
    CREATE DOMAIN public.earth AS text;
"""
"""What the schema takes from extensions that a small server does not have."""
_FILES = ("CreateTypes", "CreateTables", "CreatePrimaryKeys", "CreateFunctions", "CreateTriggers")


def real_sql(name: str) -> str:
    """One of the files that make MusicBrainz' schema, without the commands that only psql knows."""
    package = importlib.util.find_spec("mbdata")
    assert package is not None
    assert package.origin is not None
    text = (Path(package.origin).parent / "sql" / f"{name}.sql").read_text(encoding="utf-8")
    return re.sub(r"^(\\.*|BEGIN;|COMMIT;)$", "", text, flags=re.MULTILINE)


def real_columns() -> Mapping[str, Mapping[str, str]]:
    """Type by column, in order, of every table of MusicBrainz' schema."""
    plain = re.sub(r"/\*.*?\*/|--[^\n]*", "", real_sql("CreateTables"), flags=re.DOTALL)
    tables = {}
    for name, body in re.findall(r"CREATE TABLE (\w+)\s*\((.*?)\);", plain, flags=re.DOTALL):
        lines = [line.split() for line in re.split(r",(?![^(]*\))", body)]
        is_column = {line[0]: line[1].upper() for line in lines if len(line) > 1 and not line[0].isupper()}
        tables[name] = is_column
    return tables


def make_schema(connection: psycopg.Connection) -> None:
    """Make MusicBrainz' tables, keys, functions and triggers in an empty database."""
    connection.execute(_STATEMENTS)
    for file in _FILES:
        connection.execute(real_sql(file))


def load_dump(url: str, archive: Path) -> None:
    """Copy the tables of a dump into a database, as MusicBrainz' own importer does: without keys and triggers."""
    with psycopg.connect(url) as connection, tarfile.open(archive) as members:
        connection.execute("SET session_replication_role = replica")
        for member in members:
            schema, _, table = member.name.partition("/")
            content = members.extractfile(member)
            if schema == "mbdump" and content is not None:
                target = sql.SQL("COPY musicbrainz.{} FROM STDIN").format(sql.Identifier(table))
                with connection.cursor().copy(target) as copy:
                    copy.write(content.read())


def archive_of(members: Mapping[str, bytes], *headers: tarfile.TarInfo) -> bytes:
    """A tar of these members, after headers alone."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for header in headers:
            archive.addfile(header)
        for name, content in members.items():
            header = tarfile.TarInfo(name)
            header.size = len(content)
            archive.addfile(header, io.BytesIO(content))
    return packed.getvalue()


def record_changes(url: str) -> None:
    """Let a database note what changes from now on, as that of MusicBrainz does."""
    with psycopg.connect(url) as connection:
        connection.execute("CREATE SCHEMA dbmirror2; SET search_path = musicbrainz, public")
        connection.execute(real_sql("dbmirror2/dbmirror2"))
        connection.execute(real_sql("CreateReplicationTriggers2"))


def write_packet(url: str, folder: Path, *, sequence: int, taken_at: datetime) -> Path:
    """What changed since the last packet, as MusicBrainz packs it."""
    facts = {
        "TIMESTAMP": f"{taken_at:%Y-%m-%d %H:%M:%S.%f}+00",
        "COPYING": "",
        "README": "",
        "REPLICATION_SEQUENCE": str(sequence),
        "SCHEMA_SEQUENCE": "31",
        "DBMIRROR_VERSION": "2",
    }
    members = {name: f"{text}\n".encode() for name, text in facts.items()}
    with psycopg.connect(url) as connection:
        for table in ("pending_keys", "pending_ts", "pending_data"):
            noted = sql.SQL("COPY dbmirror2.{} TO STDOUT").format(sql.Identifier(table))
            with connection.cursor().copy(noted) as copy:
                members[f"mbdump/{table}"] = b"".join(map(bytes, copy))
            connection.execute(sql.SQL("TRUNCATE dbmirror2.{}").format(sql.Identifier(table)))
    path = folder / f"replication-{sequence}-v2.tar.bz2"
    path.write_bytes(bz2.compress(archive_of(members)))
    return path


@pytest.fixture(scope="session")
def archives(tmp_path_factory: pytest.TempPathFactory) -> Sequence[Path]:
    """The archives of the sample's first dump, of which the replication sequence is 0."""
    (first,) = write_musicbrainz(tmp_path_factory.mktemp("musicbrainz"), days=["2024-11-02"])
    return first


@pytest.fixture(scope="session")
def musicbrainz_template(postgres: PrivatePostgres) -> Iterator[str]:
    """A database with MusicBrainz' schema and no rows, to be copied."""
    name = postgres.create_database()
    with psycopg.connect(postgres.url(name)) as connection:
        make_schema(connection)
    yield name
    postgres.drop_database(name)


@pytest.fixture
def empty_musicbrainz(new_database: Callable[..., str], musicbrainz_template: str) -> str:
    """The URL of a MusicBrainz database of this test's own, without rows."""
    return new_database(template=musicbrainz_template)
