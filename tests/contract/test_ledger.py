"""What every ledger promises: on SQLite, on PostgreSQL, in memory."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID, uuid4, uuid5

import pytest

from linernotes.domain.dumps import DumpState
from linernotes.errors import FatalError, TransientError, WrongUsageError
from linernotes.ledger.opening import Ledger
from linernotes.ports.dumps import Dump, DumpFile
from linernotes.ports.loads import Load, LoadFile, LoadKind
from linernotes.ports.publications import Publication, PublicationStatus
from linernotes.ports.quarantine import QuarantinedRecord
from linernotes.ports.runs import Run, RunStatus
from linernotes.ports.watermarks import Watermark
from tests.fakes.clock import FakeClock

pytestmark = pytest.mark.proves("The ledger is the same on SQLite and PostgreSQL")

NAMESPACE = UUID("9c1c1d3e-5b8a-4a53-8f0d-52a0c1f7a001")


@pytest.fixture
def run(ledger: Ledger) -> Run:
    return ledger.runs.start("pull", code_version="0.1.0", settings={})


@pytest.fixture
def new_load(ledger: Ledger, run: Run) -> Callable[..., Load]:
    def make(**changes: Any) -> Load:
        load_id = ledger.new_id()
        load = Load(
            load_id=load_id,
            source="discogs",
            entity="artist",
            version=date(2020, 8, 1),
            kind=LoadKind.COMPLETE,
            era="until-2024-11",
            is_verified=True,
            is_silent_about=("discogs_artist_image", "discogs_artist_url"),
            file_name="discogs_20200801_artists.xml.gz",
            file_sha256="ab" * 32,
            record_count=7_500_000_000,
            landed_count=999,
            gone_count=3,
            quarantined_count=2,
            report={"unknown_tags": {"größe": 2}, "examples": ["<x/>"], "ratio": 0.5},
            run_id=run.run_id,
            files=(
                LoadFile(
                    table="discogs_artist", path=f"discogs_artist/{load_id}.parquet", row_count=9, size_bytes=2**40
                ),
                LoadFile(table="discogs_artist_alias", path=f"b/{load_id}-0001.parquet", row_count=1, size_bytes=1),
                LoadFile(table="discogs_artist_alias", path=f"a/{load_id}-0002.parquet", row_count=1, size_bytes=1),
            ),
        )
        return replace(load, **changes)

    return make


def new_record(name: str, *, load_id: UUID | None = None, second: int = 0, **changes: Any) -> QuarantinedRecord:
    record = QuarantinedRecord(
        quarantine_id=uuid5(NAMESPACE, name),
        load_id=load_id or uuid5(NAMESPACE, "load"),
        source="discogs",
        entity="artist",
        record_id=name,
        reason="invalid_utf8",
        detail="byte 0xff at 12",
        body=b"<artist>\xff\x00\x1f</artist>",
        created_at=datetime(2026, 3, 1, 12, 0, second, tzinfo=UTC),
    )
    return replace(record, **changes)


def new_dump(day: date, state: DumpState = DumpState.NOT_STARTED, **changes: Any) -> Dump:
    dump = Dump(
        dump_id=uuid4(),
        source="discogs",
        dumped_on=day,
        state=state,
        files=(
            DumpFile(entity="release", name="r.xml.gz", url="file:///r.xml.gz", size_bytes=2**40, sha256="cd" * 32),
            DumpFile(entity="artist", name="a.xml.gz", url="https://example.org/a.xml.gz", size_bytes=None),
        ),
    )
    return replace(dump, **changes)


@pytest.fixture
def new_publication(ledger: Ledger, run: Run) -> Callable[..., Publication]:
    def make(**changes: Any) -> Publication:
        publication = Publication(
            publication_id=ledger.new_id(),
            destination="sqlite",
            status=PublicationStatus.STAGED,
            snapshot_id=2**40,
            scope="all",
            location="production/catalogue-0001.db",
            counts={"artist": {"added": 3, "changed": 0, "removed": 1}},
            run_id=run.run_id,
            staged_at=datetime(2026, 3, 1, tzinfo=UTC),
        )
        return replace(publication, **changes)

    return make


class TestIds:
    def test_each_new_id_is_a_greater_uuid_of_version_7(self, ledger: Ledger) -> None:
        ids = [ledger.new_id() for _ in range(100)]
        assert ids == sorted(set(ids))
        assert {one.version for one in ids} == {7}


class TestRuns:
    def test_a_started_run_is_the_latest_and_says_what_it_was_started_with(
        self, ledger: Ledger, clock: FakeClock
    ) -> None:
        started = ledger.runs.start("pull", code_version="0.1.0", settings={"home": "/h", "month": None})
        assert ledger.runs.latest() == [started]
        assert started == Run(
            run_id=started.run_id,
            use_case="pull",
            status=RunStatus.RUNNING,
            started_at=clock.now,
            code_version="0.1.0",
            settings={"home": "/h", "month": None},
            counters={},
        )

    def test_a_finished_run_tells_how_it_went(self, ledger: Ledger, run: Run, clock: FakeClock) -> None:
        clock.advance(60)
        counters = {"records": 7_000_000_000}
        ledger.runs.finish(run.run_id, status=RunStatus.FAILED, counters=counters, error="disk full", snapshot_id=2**40)
        assert ledger.runs.latest() == [
            replace(
                run,
                status=RunStatus.FAILED,
                counters=counters,
                error="disk full",
                snapshot_id=2**40,
                finished_at=clock.now,
            )
        ]

    def test_finishing_a_run_that_was_never_started_is_wrong_usage(self, ledger: Ledger) -> None:
        with pytest.raises(WrongUsageError, match="no run 9c1c1d3e"):
            ledger.runs.finish(NAMESPACE, status=RunStatus.SUCCEEDED, counters={})

    def test_runs_come_newest_first_filtered_and_limited(self, ledger: Ledger) -> None:
        pull, build, again = (
            ledger.runs.start(name, code_version="1", settings={}) for name in ("pull", "build", "pull")
        )
        ledger.runs.finish(pull.run_id, status=RunStatus.SUCCEEDED, counters={})
        assert [run.run_id for run in ledger.runs.latest()] == [again.run_id, build.run_id, pull.run_id]
        assert [run.run_id for run in ledger.runs.latest(use_case="pull")] == [again.run_id, pull.run_id]
        assert [run.run_id for run in ledger.runs.latest(limit=1)] == [again.run_id]
        assert [run.run_id for run in ledger.runs.latest(status=RunStatus.SUCCEEDED)] == [pull.run_id]

    def test_starting_another_run_leaves_a_running_one_alone(self, ledger: Ledger, run: Run, clock: FakeClock) -> None:
        clock.advance(3600)
        ledger.runs.start("build", code_version="1", settings={})
        assert ledger.runs.latest(use_case="pull") == [run]


class TestLoads:
    def test_a_committed_load_is_found_as_it_was_committed(
        self, ledger: Ledger, new_load: Callable[..., Load], clock: FakeClock
    ) -> None:
        load = new_load()
        assert ledger.loads.commit(load) == replace(load, committed_at=clock.now)
        assert ledger.loads.find() == [replace(load, committed_at=clock.now)]

    def test_a_load_without_files_checksum_and_era_is_found_so(
        self, ledger: Ledger, new_load: Callable[..., Load], clock: FakeClock
    ) -> None:
        load = new_load(files=(), file_sha256=None, era=None, is_silent_about=(), report={}, is_verified=False)
        ledger.loads.commit(load)
        assert ledger.loads.find() == [replace(load, committed_at=clock.now)]

    def test_committing_the_same_load_again_changes_nothing(
        self, ledger: Ledger, new_load: Callable[..., Load], clock: FakeClock
    ) -> None:
        first = ledger.loads.commit(new_load())
        clock.advance(60)
        again = replace(first, committed_at=None, landed_count=0, files=())
        assert ledger.loads.commit(again, quarantined=[new_record("1")]) == first
        assert ledger.loads.find() == [first]
        assert ledger.quarantine.find() == []

    def test_a_load_and_what_it_set_aside_are_there_together(
        self, ledger: Ledger, new_load: Callable[..., Load]
    ) -> None:
        load = new_load()
        records = [new_record(name, load_id=load.load_id) for name in ("1", "2")]
        ledger.loads.commit(load, quarantined=iter(records))
        assert set(ledger.quarantine.find(load_id=load.load_id)) == set(records)

    def test_a_discarded_load_keeps_its_files_and_is_no_longer_active(
        self, ledger: Ledger, new_load: Callable[..., Load], clock: FakeClock
    ) -> None:
        kept, dropped = ledger.loads.commit(new_load()), ledger.loads.commit(new_load())
        clock.advance(1)
        discarded = ledger.loads.discard(dropped.load_id)
        assert discarded == replace(dropped, discarded_at=clock.now)
        assert ledger.loads.find(is_active=True) == [kept]
        assert ledger.loads.find(is_active=False) == [discarded]
        assert ledger.loads.find() == [kept, discarded]

    def test_discarding_again_keeps_the_first_time(
        self, ledger: Ledger, new_load: Callable[..., Load], clock: FakeClock
    ) -> None:
        load_id = ledger.loads.commit(new_load()).load_id
        first = ledger.loads.discard(load_id)
        clock.advance(1)
        assert ledger.loads.discard(load_id) == first

    def test_discarding_an_unknown_load_is_wrong_usage(self, ledger: Ledger) -> None:
        with pytest.raises(WrongUsageError, match="no load 9c1c1d3e"):
            ledger.loads.discard(NAMESPACE)

    def test_loads_come_by_source_then_version_then_id(self, ledger: Ledger, new_load: Callable[..., Load]) -> None:
        late = new_load(version=date(2020, 9, 1))
        early = new_load(version=date(2020, 8, 1), entity="release")
        same_day = new_load(version=date(2020, 8, 1), entity="artist")
        other = new_load(source="charts")
        for load in (same_day, late, other, early):
            ledger.loads.commit(load)
        expected = [other, early, same_day, late]
        assert [load.load_id for load in ledger.loads.find()] == [load.load_id for load in expected]
        assert [load.load_id for load in ledger.loads.find(source="charts")] == [other.load_id]


class TestConsumption:
    def test_nothing_is_consumed_at_first(self, ledger: Ledger) -> None:
        assert ledger.consumption.consumed() == {}

    def test_recording_replaces_the_loads_of_the_models_named_and_of_no_other(
        self, ledger: Ledger, run: Run, new_load: Callable[..., Load]
    ) -> None:
        one, two = (ledger.loads.commit(new_load()).load_id for _ in range(2))
        ledger.consumption.record(run.run_id, {"artist@1": frozenset({one, two}), "label@1": frozenset({one})})
        ledger.consumption.record(run.run_id, {"artist@1": frozenset({two})})
        assert ledger.consumption.consumed() == {"artist@1": frozenset({two}), "label@1": frozenset({one})}

    def test_a_model_that_reflects_no_load_any_more_is_gone(
        self, ledger: Ledger, run: Run, new_load: Callable[..., Load]
    ) -> None:
        load_id = ledger.loads.commit(new_load()).load_id
        ledger.consumption.record(run.run_id, {"artist@1": frozenset({load_id})})
        ledger.consumption.record(run.run_id, {"artist@1": frozenset()})
        assert ledger.consumption.consumed() == {}

    def test_to_begin_forgets_the_other_versions_of_a_model_and_nothing_else(
        self, ledger: Ledger, run: Run, new_load: Callable[..., Load]
    ) -> None:
        taken = frozenset({ledger.loads.commit(new_load()).load_id})
        kept = {"artist@2": taken, "artist@2 without": taken, "artist_alias@1": taken, "label@1": taken}
        ledger.consumption.record(run.run_id, {**kept, "artist@1": taken, "artist@1 without": taken})
        ledger.consumption.begin(["artist@2", "artist@2 without"])
        assert ledger.consumption.consumed() == kept

    def test_recording_nothing_changes_nothing(self, ledger: Ledger, run: Run) -> None:
        ledger.consumption.record(run.run_id, {})
        assert ledger.consumption.consumed() == {}


class TestDumps:
    def test_a_new_dump_is_found_as_it_was_saved(self, ledger: Ledger, clock: FakeClock) -> None:
        dump = new_dump(date(2020, 8, 3))
        ledger.dumps.save(dump)
        assert ledger.dumps.find(source="discogs") == [replace(dump, created_at=clock.now, updated_at=clock.now)]

    def test_saving_again_replaces_everything_but_the_id_and_the_time_of_creation(
        self, ledger: Ledger, clock: FakeClock
    ) -> None:
        first = new_dump(date(2020, 8, 1))
        ledger.dumps.save(first)
        created_at = clock.now
        clock.advance(60)
        later = new_dump(
            date(2020, 8, 1),
            DumpState.DOWNLOADING,
            files=first.files[:1],
            checksums={"r.xml.gz": "ef" * 32},
            bytes_done=2**40,
            retry_count=2,
            retry_limit=7,
            error="connection reset",
            started_at=clock.now,
            completed_at=clock.now + timedelta(seconds=1),
        )
        ledger.dumps.save(later)
        assert ledger.dumps.find(source="discogs") == [
            replace(later, dump_id=first.dump_id, created_at=created_at, updated_at=clock.now)
        ]

    def test_saving_a_dump_as_it_was_found_is_allowed(self, ledger: Ledger) -> None:
        ledger.dumps.save(new_dump(date(2020, 8, 1)))
        [found] = ledger.dumps.find(source="discogs")
        ledger.dumps.save(replace(found, state=DumpState.DOWNLOADING))
        [found_again] = ledger.dumps.find(source="discogs")
        assert found_again == replace(found, state=DumpState.DOWNLOADING)

    @pytest.mark.parametrize("state", [DumpState.PROCESSING, DumpState.COMPLETED, DumpState.FAILED])
    def test_a_jump_that_the_domain_does_not_allow_is_refused(self, ledger: Ledger, state: DumpState) -> None:
        ledger.dumps.save(new_dump(date(2020, 8, 1)))
        with pytest.raises(FatalError, match=f"discogs 2020-08-01 cannot .*{state}"):
            ledger.dumps.save(new_dump(date(2020, 8, 1), state, bytes_done=5))
        assert [(dump.state, dump.bytes_done) for dump in ledger.dumps.find(source="discogs")] == [
            (DumpState.NOT_STARTED, 0)
        ]

    def test_a_dump_without_files_is_found_so(self, ledger: Ledger) -> None:
        ledger.dumps.save(new_dump(date(2020, 8, 1), files=()))
        assert [dump.files for dump in ledger.dumps.find(source="discogs")] == [()]

    def test_a_dump_cannot_begin_in_the_middle(self, ledger: Ledger) -> None:
        with pytest.raises(FatalError):
            ledger.dumps.save(new_dump(date(2020, 8, 1), DumpState.PROCESSING))
        assert ledger.dumps.find(source="discogs") == []

    def test_dumps_come_newest_first_filtered_by_month_and_state(self, ledger: Ledger) -> None:
        for day in (date(2020, 8, 1), date(2020, 9, 1), date(2020, 8, 15)):
            ledger.dumps.save(new_dump(day))
        ledger.dumps.save(new_dump(date(2020, 8, 15), DumpState.DOWNLOADING))
        ledger.dumps.save(new_dump(date(2020, 8, 1), source="other"))

        def days(**wanted: Any) -> list[str]:
            return [str(dump.dumped_on) for dump in ledger.dumps.find(source="discogs", **wanted)]

        assert days() == ["2020-09-01", "2020-08-15", "2020-08-01"]
        assert days(year_month="2020-08") == ["2020-08-15", "2020-08-01"]
        assert days(state=DumpState.DOWNLOADING) == ["2020-08-15"]
        assert days(year_month="2020-09", state=DumpState.DOWNLOADING) == []


class TestQuarantine:
    def test_a_record_comes_back_byte_for_byte(self, ledger: Ledger) -> None:
        record = new_record("1", body=bytes(range(256)), record_id=None)
        ledger.quarantine.add([record])
        assert ledger.quarantine.get(record.quarantine_id) == record

    def test_adding_counts_only_records_that_are_new(self, ledger: Ledger) -> None:
        assert ledger.quarantine.add([new_record("1"), new_record("2")]) == 2
        assert ledger.quarantine.add([new_record("2", detail="other"), new_record("3"), new_record("3")]) == 1
        assert ledger.quarantine.get(new_record("2").quarantine_id).detail == "byte 0xff at 12"
        assert ledger.quarantine.add([]) == 0

    def test_records_of_one_source_are_found(self, ledger: Ledger) -> None:
        answer = new_record("1", source="provider")
        ledger.quarantine.add([answer, new_record("2")])
        assert ledger.quarantine.find(source="provider") == [answer]

    def test_open_records_come_oldest_first_filtered_and_limited(self, ledger: Ledger) -> None:
        load_id = uuid5(NAMESPACE, "another")
        oldest, middle = new_record("c", second=1), new_record("a", second=2, load_id=load_id)
        newest = new_record("b", second=3)
        ledger.quarantine.add([newest, oldest, middle])
        assert ledger.quarantine.find() == [oldest, middle, newest]
        assert ledger.quarantine.find(limit=2) == [oldest, middle]
        assert ledger.quarantine.find(load_id=load_id) == [middle]

    def test_a_resolved_record_is_no_longer_open_and_says_how(self, ledger: Ledger, clock: FakeClock) -> None:
        record, other = new_record("1"), new_record("2", second=1)
        ledger.quarantine.add([record, other])
        ledger.quarantine.resolve(record.quarantine_id, resolution="retried")
        assert ledger.quarantine.find() == [other]
        assert ledger.quarantine.find(is_open=False) == [
            replace(record, resolved_at=clock.now, resolution="retried"),
        ]

    def test_an_unknown_record_is_wrong_usage(self, ledger: Ledger) -> None:
        with pytest.raises(WrongUsageError, match="no record 9c1c1d3e"):
            ledger.quarantine.get(NAMESPACE)
        with pytest.raises(WrongUsageError, match="no record 9c1c1d3e"):
            ledger.quarantine.resolve(NAMESPACE, resolution="discarded")


class TestPublications:
    def test_a_publication_is_found_as_it_was_saved(
        self, ledger: Ledger, new_publication: Callable[..., Publication]
    ) -> None:
        publication = new_publication()
        ledger.publications.save(publication)
        assert ledger.publications.find(destination="sqlite") == [publication]

    def test_saving_again_replaces_the_publication(
        self, ledger: Ledger, new_publication: Callable[..., Publication]
    ) -> None:
        staged = new_publication()
        promoted = replace(
            staged,
            status=PublicationStatus.PROMOTED,
            is_forced=True,
            promoted_at=datetime(2026, 3, 2, tzinfo=timezone(timedelta(hours=5, minutes=45))),
        )
        ledger.publications.save(staged)
        ledger.publications.save(promoted)
        assert ledger.publications.find(destination="sqlite") == [promoted]

    def test_publications_come_newest_first_for_one_destination_and_status(
        self, ledger: Ledger, new_publication: Callable[..., Publication]
    ) -> None:
        newest = new_publication(staged_at=datetime(2026, 3, 3, tzinfo=UTC))
        oldest = new_publication(staged_at=datetime(2026, 3, 1, tzinfo=UTC), status=PublicationStatus.PROMOTED)
        elsewhere = new_publication(destination="parquet")
        for publication in (oldest, newest, elsewhere):
            ledger.publications.save(publication)
        assert ledger.publications.find(destination="sqlite") == [newest, oldest]
        assert ledger.publications.find(destination="sqlite", status=PublicationStatus.PROMOTED) == [oldest]


class TestLeases:
    def test_a_lease_that_is_held_is_refused_to_another_and_free_afterwards(self, ledger: Ledger) -> None:
        refused = pytest.raises(TransientError, match="'lake' is held by process")
        with ledger.leases.hold("lake"), refused, ledger.leases.hold("lake"):
            pytest.fail("two hold the same lease")
        with ledger.leases.hold("lake"):
            pass

    def test_leases_of_other_names_do_not_matter(self, ledger: Ledger) -> None:
        with ledger.leases.hold("lake"), ledger.leases.hold("downloads"):
            pass

    def test_a_lease_is_given_back_when_its_block_fails(self, ledger: Ledger) -> None:
        with pytest.raises(RuntimeError, match="in the block"), ledger.leases.hold("lake"):
            raise RuntimeError("in the block")
        with ledger.leases.hold("lake"):
            pass

    def test_who_waits_is_told_once_for_whom(self, ledger: Ledger) -> None:
        told: list[str] = []
        waiting = ledger.leases.hold("lake", wait_seconds=0.1, on_wait=told.append)
        with ledger.leases.hold("lake"), pytest.raises(TransientError), waiting:
            pytest.fail("two hold the same lease")
        assert len(told) == 1
        assert "'lake' is held by process" in told[0]


class TestWatermarks:
    def test_saving_replaces_the_watermark_of_that_source_and_entity(
        self, ledger: Ledger, run: Run, clock: FakeClock
    ) -> None:
        plays = Watermark(source="plays", entity="play", value="2026-01", run_id=run.run_id)
        charts = Watermark(source="charts", entity="chart", value="7", run_id=run.run_id)
        for watermark in (plays, charts, replace(plays, value="2026-02")):
            clock.advance(1)
            ledger.watermarks.save(watermark)
        found = ledger.watermarks.find()
        assert [(one.source, one.value) for one in found] == [("charts", "7"), ("plays", "2026-02")]
        assert found[1].updated_at == clock.now
        assert ledger.watermarks.find(source="charts") == found[:1]


class TestStatus:
    def test_a_new_ledger_has_nothing_to_tell(self, ledger: Ledger) -> None:
        status = ledger.status.read()
        assert not any((status.runs, status.loads, status.dumps, status.quarantine, status.publications, status.leases))

    def test_the_newest_run_of_each_use_case_counts(self, ledger: Ledger) -> None:
        _, build, pull = (ledger.runs.start(name, code_version="1", settings={}) for name in ("pull", "build", "pull"))
        assert ledger.status.read().runs == [pull, build]

    def test_loads_are_summed_up_by_entity_without_those_discarded(
        self, ledger: Ledger, new_load: Callable[..., Load], clock: FakeClock
    ) -> None:
        ledger.loads.commit(new_load(landed_count=1000, record_count=1000))
        clock.advance(60)
        ledger.loads.commit(new_load(landed_count=30, record_count=1010, version=date(2020, 9, 1)))
        ledger.loads.discard(ledger.loads.commit(new_load(version=date(2020, 10, 1))).load_id)
        ledger.loads.commit(new_load(entity="label"))
        artist, label = ledger.status.read().loads
        assert (artist.entity, artist.load_count, artist.version) == ("artist", 2, date(2020, 9, 1))
        assert (artist.record_count, artist.landed_count, artist.committed_at) == (1010, 1030, clock.now)
        assert (label.entity, label.load_count) == ("label", 1)

    def test_dumps_are_counted_by_state(self, ledger: Ledger) -> None:
        for month in (7, 8, 9):
            ledger.dumps.save(new_dump(date(2020, month, 1)))
        ledger.dumps.save(new_dump(date(2020, 9, 1), DumpState.DOWNLOADING))
        assert ledger.status.read().dumps == {DumpState.NOT_STARTED: 2, DumpState.DOWNLOADING: 1}

    def test_open_records_in_quarantine_are_counted_by_reason(self, ledger: Ledger) -> None:
        ledger.quarantine.add([new_record("1"), new_record("2"), new_record("3", reason="missing_id"), new_record("4")])
        ledger.quarantine.resolve(new_record("4").quarantine_id, resolution="discarded")
        counts = [(group.entity, group.reason, group.record_count) for group in ledger.status.read().quarantine]
        assert counts == [("artist", "invalid_utf8", 2), ("artist", "missing_id", 1)]

    def test_what_is_promoted_at_each_destination_is_shown(
        self, ledger: Ledger, new_publication: Callable[..., Publication]
    ) -> None:
        def promoted(day: int, destination: str) -> Publication:
            return new_publication(
                status=PublicationStatus.PROMOTED,
                destination=destination,
                promoted_at=datetime(2026, 3, day, tzinfo=UTC),
            )

        newest, oldest, elsewhere = promoted(2, "sqlite"), promoted(1, "sqlite"), promoted(1, "parquet")
        for publication in (newest, oldest, elsewhere, new_publication()):
            ledger.publications.save(publication)
        assert ledger.status.read().publications == [elsewhere, newest]
