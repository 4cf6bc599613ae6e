"""The PostgreSQL that tests start: from the machine's programs or from the wheel, private, gone afterwards."""

import stat
from pathlib import Path

import psycopg
import pytest

from tests.postgres import PrivatePostgres, find_in_wheel, find_installed, start_postgres


def test_the_wheel_s_server_starts_and_leaves_nothing_behind() -> None:
    with start_postgres(find_in_wheel()) as server:
        folder = Path(server.url().partition("host=")[2])
        with psycopg.connect(server.url()) as connection:
            assert connection.execute("SELECT 1").fetchall() == [(1,)]
    assert not folder.exists()


def test_the_server_listens_on_its_own_socket_only(postgres: PrivatePostgres) -> None:
    with psycopg.connect(postgres.url()) as connection:
        row = connection.execute("SELECT current_setting('listen_addresses'), inet_server_port()").fetchone()
    assert row == ("", None)


def test_programs_that_fail_fail_the_test_with_their_reason(tmp_path: Path) -> None:
    for name in ("initdb", "postgres"):
        program = tmp_path / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text("#!/bin/sh\necho 'no such locale' >&2\n[ \"$1\" = --version ]\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    with pytest.raises(RuntimeError, match=r"initdb failed: no such locale"), start_postgres(tmp_path / "bin"):
        pytest.fail("it started")


def test_an_installed_server_is_preferred_where_there_is_one() -> None:
    installed = find_installed()
    assert installed is None or (installed / "initdb").is_file()
