"""Records set aside are read again: what can be read now is landed beside the load it was missing from."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from linernotes import sample
from linernotes.bootstrap.app import App, open_app
from linernotes.ports.loads import Load, LoadKind
from linernotes.ports.quarantine import QuarantinedRecord
from linernotes.usecases.pull_plan import PullRequest
from tests.fakes.progress import RecordedProgress

pytestmark = pytest.mark.proves("A record set aside can be read again and is landed beside its load")

READABLE = b"<label><id>9001</id><name>Blue Note</name><data_quality>Correct</data_quality></label>"
BROKEN = b"<label><id>9002</id><name>Verve</label>"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    sample.write_dumps(tmp_path / "dumps", months=["2024-11"])
    with open_app(tmp_path / "home", progress=RecordedProgress()) as opened:
        opened.pull_discogs(PullRequest(only=("labels",)), origin=str(tmp_path / "dumps"))
        yield opened


def only_load(app: App) -> Load:
    return app.core.ledger.loads.find()[0]


def set_aside(app: App, body: bytes, *, reason: str = "not_well_formed", load_id: UUID | None = None) -> UUID:
    record = QuarantinedRecord(
        quarantine_id=app.core.ledger.new_id(),
        load_id=load_id or only_load(app).load_id,
        source="discogs",
        entity="label",
        record_id=None,
        reason=reason,
        detail="",
        body=body,
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    app.core.ledger.quarantine.add([record])
    return record.quarantine_id


def count_of(app: App, sql: str) -> int:
    with app.query(sql, at=None) as rows:
        return int(rows.fetchall()[0][0])


def test_a_record_that_can_be_read_now_is_landed_and_leaves_the_quarantine(app: App) -> None:
    quarantine_id = set_aside(app, READABLE)
    outcome = app.retry_quarantined(quarantine_id)
    assert (outcome.landed_count, outcome.still_count, outcome.exit_status) == (1, 0, 0)
    assert app.quarantined(limit=10, is_open=True) == []
    assert count_of(app, "SELECT count(*) FROM bronze.discogs_label WHERE record_id = 9001 AND name = 'Blue Note'") == 1


def test_a_record_that_still_cannot_be_read_stays_and_a_person_is_needed(app: App) -> None:
    set_aside(app, READABLE)
    broken = set_aside(app, BROKEN)
    outcome = app.retry_quarantined(None)
    assert (outcome.landed_count, outcome.still_count, outcome.exit_status) == (1, 1, 3)
    assert [record.quarantine_id for record in app.quarantined(limit=10, is_open=True)] == [broken]


def test_a_duplicate_is_not_read_by_itself_because_it_would_replace_the_first(app: App) -> None:
    set_aside(app, READABLE, reason="duplicate_record")
    assert app.retry_quarantined(None).still_count == 1
    assert len(app.core.ledger.loads.find()) == 1


def test_trying_again_lands_nothing_twice(app: App) -> None:
    set_aside(app, READABLE)
    app.retry_quarantined(None)
    assert app.retry_quarantined(None).landed_count == 0
    assert [load.kind for load in app.core.ledger.loads.find()] == [LoadKind.COMPLETE, LoadKind.SUPPLEMENT]


def test_the_next_month_is_compared_with_the_month_and_not_with_its_supplement(app: App, tmp_path: Path) -> None:
    set_aside(app, READABLE)
    app.retry_quarantined(None)
    sample.write_dumps(tmp_path / "dumps", months=["2024-12"])
    outcome = app.pull_discogs(PullRequest(only=("labels",)), origin=str(tmp_path / "dumps"))
    assert outcome.files[0].gone == 0


def test_withdrawing_a_load_withdraws_its_supplement(app: App) -> None:
    origin = only_load(app)
    set_aside(app, READABLE)
    app.retry_quarantined(None)
    assert len(app.discard(origin.load_id, with_later=False).loads) == 2
    assert app.core.ledger.loads.find(is_active=True) == []


def test_withdrawing_a_supplement_leaves_its_load(app: App) -> None:
    origin = only_load(app)
    set_aside(app, READABLE)
    app.retry_quarantined(None)
    supplement = app.core.ledger.loads.find()[1]
    app.discard(supplement.load_id, with_later=False)
    assert [load.load_id for load in app.core.ledger.loads.find(is_active=True)] == [origin.load_id]
