"""Pulling dumps with the real adapters: server or folder, ledger, parser, bronze."""

import gzip
import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from linernotes.domain.dumps import DumpState, Retention, RetentionRule
from linernotes.errors import FatalError, TransientError
from linernotes.lake.bronze import BronzeTables
from linernotes.lake.bronze_files import BronzeFolder
from linernotes.ledger.opening import Ledger, open_ledger
from linernotes.ports.fetching import DamagedFileError, DumpIndex, Fetcher
from linernotes.ports.loads import LoadKind
from linernotes.sources.discogs.discover import WebIndex
from linernotes.sources.discogs.download import WebFetcher
from linernotes.sources.discogs.downloads import DiscogsDownloads
from linernotes.sources.discogs.errors import CorruptDumpError, TruncatedDumpError
from linernotes.sources.discogs.folder import FolderDumps
from linernotes.sources.discogs.landing import DiscogsLander
from linernotes.usecases.pull import PullOutcome, pull
from linernotes.usecases.pull_plan import PullRequest
from linernotes.usecases.pull_tools import PullTools
from linernotes.wire.retrying import Retries
from linernotes.wire.web import Web, make_client
from tests.fakes.discogs import DumpSite
from tests.fakes.progress import RecordedProgress

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


def labels_file(labels: dict[int, str]) -> bytes:
    records = "".join(
        f"<label><id>{key}</id><name>{name}</name><data_quality>Correct</data_quality></label>\n"
        for key, name in labels.items()
    )
    return gzip.compress(f"<labels>\n{records}</labels>\n".encode(), mtime=0)


def month(day: str, labels: dict[int, str]) -> dict[str, bytes]:
    """A dump of labels, with empty companions so that it counts as complete."""
    files = {f"discogs_{day}_labels.xml.gz": labels_file(labels)}
    files |= {f"discogs_{day}_{entity}.xml.gz": b"\x1f\x8b" for entity in ("artists", "masters", "releases")}
    return files | checksum_file(day, files)


def checksum_file(day: str, files: dict[str, bytes]) -> dict[str, bytes]:
    lines = [f"{hashlib.sha256(body).hexdigest()}  {name}\n" for name, body in files.items()]
    return {f"discogs_{day}_CHECKSUM.txt": "".join(lines).encode()}


class Home:
    """A home folder, and pulls into it."""

    def __init__(self, root: Path, ledger: Ledger) -> None:
        self.root = root
        self.ledger = ledger
        self.progress = RecordedProgress()
        self.retention = Retention(rule=RetentionRule.MONTHS, keep_months=1)

    def pull(self, index: DumpIndex, fetcher: Fetcher, **request: Any) -> PullOutcome:
        tools = PullTools(
            index=index,
            fetcher=fetcher,
            lander=DiscogsLander(BronzeTables(self.root / "bronze"), now=lambda: NOW),
            dumps=self.ledger.dumps,
            loads=self.ledger.loads,
            runs=self.ledger.runs,
            leases=self.ledger.leases,
            downloads=DiscogsDownloads(self.root / "downloads/discogs"),
            retention=self.retention,
            bronze_files=BronzeFolder(self.root / "bronze"),
            bronze=self.root / "bronze",
            progress=self.progress,
            new_id=self.ledger.new_id,
            now=lambda: NOW,
            code_version="test",
            settings={},
            wait_seconds=0,
        )
        return pull(PullRequest(**request), tools)

    def pull_folder(self, folder: Path, **request: Any) -> PullOutcome:
        return self.pull(FolderDumps(folder), FolderDumps(folder), **request)

    def pull_web(self, base_url: str, **request: Any) -> PullOutcome:
        with make_client(user_agent="linernotes tests", connect_seconds=2, read_seconds=2) as client:
            web = Web(client, base_url=base_url, now=lambda: NOW, settings="discogs.base_url")
            retries = Retries(attempts=3, sleep=lambda _: None, jitter=lambda: 0)
            fetcher = WebFetcher(web, folder=self.root / "downloads/discogs", retries=retries, headroom_bytes=0)
            return self.pull(WebIndex(web, base_url=base_url, retries=retries), fetcher, **request)

    def files(self, below: str) -> dict[str, str]:
        """Every file below a folder of the home, with its hash."""
        return {
            path.relative_to(self.root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted((self.root / below).rglob("*"))
            if path.is_file()
        }

    def bronze_rows(self, table: str) -> int:
        return sum(
            pq.read_metadata(self.root / "bronze" / file.path).num_rows
            for load in self.ledger.loads.find(is_active=True)
            for file in load.files
            if file.table == table
        )


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    ledger = open_ledger(f"sqlite:///{tmp_path}/ledger.db", clock=lambda: NOW, code_version="test")
    yield Home(tmp_path, ledger)
    ledger.close()


@pytest.fixture
def serve(httpserver: HTTPServer) -> Callable[[dict[str, bytes]], str]:
    def start(files: dict[str, bytes]) -> str:
        return DumpSite(files).serve_html(httpserver)

    return start


def test_the_real_folder_is_loaded_unverified_and_whole(home: Home, shared_data: Path) -> None:
    outcome = home.pull_folder(shared_data / "discogs")
    assert [(file.entity, file.records, file.quarantined) for file in outcome.files] == [
        ("label", 1000, 0),
        ("artist", 1000, 0),
        ("master", 1000, 0),
        ("release", 1000, 0),
    ]
    assert (outcome.is_verified, outcome.exit_status) == (False, 0)
    assert home.bronze_rows("discogs_release") == 1000


def test_the_real_folder_again_changes_nothing(home: Home, shared_data: Path) -> None:
    home.pull_folder(shared_data / "discogs")
    before, loads = home.files("bronze"), home.ledger.loads.find()
    outcome = home.pull_folder(shared_data / "discogs")
    assert (home.files("bronze"), home.ledger.loads.find()) == (before, loads)
    assert [(file.action, file.landed) for file in outcome.files] == [("check", 0)] * 4


def test_the_real_folder_read_again_is_the_same_record_for_record(home: Home, shared_data: Path) -> None:
    first = home.pull_folder(shared_data / "discogs", only=("labels",))
    again = home.pull_folder(shared_data / "discogs", only=("labels",), reprocess=True)
    assert (first.files[0].landed, again.files[0].landed) == (1000, 1000)
    assert home.bronze_rows("discogs_label") == 1000


def test_two_months_from_a_server_are_verified_and_the_second_is_an_increment(
    home: Home, serve: Callable[[dict[str, bytes]], str]
) -> None:
    base_url = serve(
        month("20260201", {1: "One", 2: "Two", 3: "Three"}) | month("20260301", {1: "One", 2: "Other", 4: "Four"})
    )
    home.pull_web(base_url, year_month="2026-02", only=("labels",))
    outcome = home.pull_web(base_url, only=("labels",))
    (file,) = outcome.files
    assert (file.records, file.landed, file.new, file.changed, file.unchanged, file.gone) == (3, 2, 1, 1, 1, 1)
    assert outcome.is_verified
    assert [load.kind for load in home.ledger.loads.find()] == [LoadKind.COMPLETE, LoadKind.INCREMENT]


def test_downloads_of_the_month_before_go_and_those_of_this_month_stay(
    home: Home, serve: Callable[[dict[str, bytes]], str]
) -> None:
    base_url = serve(month("20260201", {1: "One"}) | month("20260301", {1: "One"}))
    home.pull_web(base_url, year_month="2026-02", only=("labels",))
    home.pull_web(base_url, year_month="2026-03", only=("labels",))
    assert list(home.files("downloads")) == ["downloads/discogs/20260301/discogs_20260301_labels.xml.gz"]


def test_files_of_a_folder_are_never_deleted(home: Home, tmp_path: Path) -> None:
    home.retention = Retention(rule=RetentionRule.MONTHS, keep_months=0)
    folder = DumpSite(month("20260301", {1: "One"})).write(tmp_path / "mine")
    before = home.files("mine")
    outcome = home.pull_folder(folder, only=("labels",))
    assert (outcome.is_verified, home.files("mine")) == (True, before)


def test_a_damaged_file_of_a_folder_is_told_and_the_month_failed(home: Home, tmp_path: Path) -> None:
    folder = DumpSite(month("20260301", {1: "One"})).write(tmp_path / "mine")
    (folder / "discogs_20260301_labels.xml.gz").write_bytes(labels_file({1: "Edited"}))
    with pytest.raises(DamagedFileError, match="get a sound copy"):
        home.pull_folder(folder, only=("labels",))
    (dump,) = home.ledger.dumps.find(source="discogs")
    assert (dump.state, dump.error is not None) == (DumpState.FAILED, True)


def published_broken(day: str, labels: bytes) -> dict[str, bytes]:
    """A dump that was broken already when its checksum was taken."""
    files = month(day, {}) | {f"discogs_{day}_labels.xml.gz": labels}
    del files[f"discogs_{day}_CHECKSUM.txt"]
    return files | checksum_file(day, files)


@pytest.mark.parametrize(
    ("damage", "error"),
    [
        (lambda body: body[: len(body) // 2], TruncatedDumpError),
        (lambda body: body[:-8] + bytes(4) + body[-4:], CorruptDumpError),
        (lambda _: gzip.compress(b"<labels>\n<label><id>1</id>"), TruncatedDumpError),
    ],
    ids=["truncated gzip", "wrong CRC", "truncated XML"],
)
def test_a_file_published_broken_is_named_and_lands_nothing(
    home: Home,
    serve: Callable[[dict[str, bytes]], str],
    damage: Callable[[bytes], bytes],
    error: type[FatalError],
) -> None:
    body = labels_file({key: f"Label {key}" for key in range(1, 500)})
    with pytest.raises(error):
        home.pull_web(serve(published_broken("20260301", damage(body))), only=("labels",))
    assert home.ledger.loads.find() == []
    assert home.ledger.dumps.find(source="discogs")[0].state is DumpState.FAILED


def test_a_server_that_goes_away_is_for_later_and_the_month_is_taken_up_again(
    home: Home, httpserver: HTTPServer
) -> None:
    site = DumpSite(month("20260301", {1: "One"}))
    base_url = site.serve_html(httpserver)
    whole = site._file

    def busy(name: str, request: Request) -> Response:
        return whole(name, request) if "CHECKSUM" in name else Response("busy", status=503)

    site._file = busy  # type: ignore[method-assign]  # a fault
    with pytest.raises(TransientError, match="503"):
        home.pull_web(base_url, only=("labels",))
    assert home.ledger.dumps.find(source="discogs")[0].state is DumpState.FAILED
    site._file = whole  # type: ignore[method-assign]  # all is well again
    home.pull_web(base_url, only=("labels",))
    (dump,) = home.ledger.dumps.find(source="discogs")
    assert (dump.state, dump.retry_count) == (DumpState.COMPLETED, 1)
