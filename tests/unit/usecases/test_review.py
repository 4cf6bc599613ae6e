"""Reviewing: what waits, what is said of it, and what is refused."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from uuid import UUID

import pytest

from linernotes.domain.entities import EntityType, entity_id
from linernotes.domain.judgements import Answer, Judgement
from linernotes.domain.match_policy import SHIPPED
from linernotes.domain.uuid7 import to_uuid7
from linernotes.errors import WrongUsageError
from linernotes.ports.review import Candidate, ReviewItem, Row
from linernotes.usecases import review
from linernotes.usecases.review_answers import Given, Problem
from tests.fakes.ledger import FakeJudgements

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


def candidate(source_id: str, *, score: float | None = 1.0, pattern: str | None = "6101") -> Candidate:
    return Candidate(
        other_source="discogs",
        other_source_id=source_id,
        name="Brian Eno",
        detail="",
        basis="score",
        score=score,
        pattern=pattern,
    )


def item(mbid: str, *candidates: str, downstream: int = 1, entity_type: str = "artist") -> ReviewItem:
    return ReviewItem(
        item_id=entity_id(EntityType(entity_type), "musicbrainz", mbid),
        version="f2c09d9bd7cd",
        entity_type=entity_type,
        source="musicbrainz",
        source_id=mbid,
        name="Brian Eno",
        detail="Person, 1948",
        downstream=downstream,
        candidates=tuple(map(candidate, candidates)),
    )


class FakeQueue:
    def __init__(self, items: Sequence[ReviewItem]) -> None:
        self.all = list(items)

    def items(
        self, *, entity_types: Collection[str], limit: int | None = None, item_id: UUID | None = None
    ) -> Sequence[ReviewItem]:
        own = [one for one in self.all if one.entity_type in entity_types and item_id in (None, one.item_id)]
        return sorted(own, key=lambda one: -one.downstream)[:limit]


class FakeSheets:
    def __init__(self) -> None:
        self.written: list[ReviewItem] = []
        self.rows: list[Row] = []

    def write(self, path: Path, items: Iterable[ReviewItem]) -> int:
        self.written = list(items)
        return sum(len(one.candidates) for one in self.written)

    def read(self, path: Path) -> Sequence[Row]:
        return self.rows


@pytest.fixture
def tools() -> review.ReviewTools:
    numbers: Callable[[], int] = count(1).__next__
    return review.ReviewTools(
        queue=FakeQueue([item("eno", "57"), item("hütter", "28", "29", downstream=9)]),
        judgements=FakeJudgements(),
        sheets=FakeSheets(),
        policy=SHIPPED,
        new_id=lambda: to_uuid7(numbers()),
        now=lambda: NOW,
    )


ENO, HUETTER = item("eno").item_id, item("hütter").item_id


def decide(tools: review.ReviewTools, item_id: UUID, answer: str, chosen: str | None = None) -> Judgement:
    given = Given(item_id=item_id, answer=Answer(answer), candidate=chosen)
    (judgement,) = review.decide(tools, given, by="somebody").judgements
    return judgement


def waiting(tools: review.ReviewTools, limit: int | None = None) -> list[str]:
    return [one.source_id for one in review.waiting(tools, limit=limit)]


def test_that_on_which_most_hangs_is_asked_first(tools: review.ReviewTools) -> None:
    assert waiting(tools) == ["hütter", "eno"]
    assert waiting(tools, limit=1) == ["hütter"]


@pytest.mark.parametrize(("answer", "chosen"), [("same", "28"), ("new", None), ("skip", None)])
def test_what_was_answered_waits_no_longer(tools: review.ReviewTools, answer: str, chosen: str | None) -> None:
    decide(tools, HUETTER, answer, chosen)
    assert waiting(tools) == ["eno"]
    assert waiting(tools, limit=1) == ["eno"]


def test_an_item_waits_until_every_candidate_is_judged_different(tools: review.ReviewTools) -> None:
    decide(tools, HUETTER, "different", "28")
    assert waiting(tools) == ["hütter", "eno"]
    decide(tools, HUETTER, "different", "29")
    assert waiting(tools) == ["eno"]


def test_an_item_that_changed_is_asked_again(tools: review.ReviewTools) -> None:
    decide(tools, HUETTER, "skip")
    changed = replace(item("hütter", "28", "30", downstream=9), version="0123456789ab")
    assert isinstance(tools.queue, FakeQueue)
    tools.queue.all[1] = changed
    assert waiting(tools) == ["hütter", "eno"]


def test_a_judgement_says_who_saw_what_and_when(tools: review.ReviewTools) -> None:
    given = Given(item_id=ENO, answer=Answer.SAME, candidate="57", version="f2c09d9bd7cd", reason="the same man")
    (judgement,) = review.decide(tools, given, by="somebody").judgements
    assert judgement == Judgement(
        judgement_id=to_uuid7(1),
        entity_type="artist",
        source="musicbrainz",
        source_id="eno",
        other_source="discogs",
        other_source_id="57",
        answer=Answer.SAME,
        item_id=ENO,
        item_version="f2c09d9bd7cd",
        score=1.0,
        reason="the same man",
        decided_by="somebody",
        decided_at=NOW,
    )
    assert tools.judgements.all() == [judgement]


def test_saying_it_again_records_nothing(tools: review.ReviewTools) -> None:
    given = Given(item_id=ENO, answer=Answer.SAME, candidate="57")
    judgement = decide(tools, ENO, "same", "57")
    assert review.decide(tools, given, by="somebody else").judgements == []
    review.undo(tools, judgement.judgement_id, by="somebody")
    assert len(review.decide(tools, given, by="somebody").judgements) == 1


def test_a_dry_run_records_nothing(tools: review.ReviewTools) -> None:
    given = Given(item_id=ENO, answer=Answer.NEW)
    assert len(review.decide(tools, given, by="somebody", dry_run=True).judgements) == 1
    assert tools.judgements.all() == []


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (Given(item_id=to_uuid7(5), answer=Answer.NEW), "no item .* waits for a person"),
        (Given(item_id=ENO, answer=Answer.SAME, candidate="58"), "58 is no candidate of item .*; it has 57"),
        (Given(item_id=ENO, answer=Answer.SAME), r"\(none\) is no candidate"),
        (Given(item_id=ENO, answer=Answer.NEW, version="old"), "has changed since"),
    ],
)
def test_what_does_not_fit_the_item_is_refused(tools: review.ReviewTools, given: Given, message: str) -> None:
    with pytest.raises(WrongUsageError, match=message):
        review.decide(tools, given, by="somebody")
    assert tools.judgements.all() == []


def test_with_new_the_score_of_the_best_candidate_is_kept(tools: review.ReviewTools) -> None:
    assert isinstance(tools.queue, FakeQueue)
    candidates = (candidate("58", score=None, pattern=None), candidate("57", score=2.5), candidate("59", score=1.0))
    tools.queue.all[0] = replace(tools.queue.all[0], candidates=candidates)
    judgement = decide(tools, ENO, "new")
    assert (judgement.score, judgement.other_source_id) == (2.5, None)


def test_what_was_taken_back_is_asked_again(tools: review.ReviewTools) -> None:
    judgement = decide(tools, ENO, "new")
    taken_back = review.undo(tools, judgement.judgement_id, by="somebody else", reason="mistaken")
    assert (taken_back.answer, taken_back.supersedes) == (Answer.UNDO, judgement.judgement_id)
    assert waiting(tools) == ["hütter", "eno"]
    with pytest.raises(WrongUsageError, match="was taken back already"):
        review.undo(tools, judgement.judgement_id, by="somebody")
    review.undo(tools, taken_back.judgement_id, by="somebody")
    assert waiting(tools) == ["hütter"]
    with pytest.raises(WrongUsageError, match="no judgement"):
        review.undo(tools, to_uuid7(99), by="somebody")


def test_an_item_is_explained_feature_by_feature(tools: review.ReviewTools) -> None:
    assert isinstance(tools.queue, FakeQueue)
    tools.queue.all[0] = replace(
        tools.queue.all[0], candidates=(candidate("57"), candidate("58", score=None, pattern=None))
    )
    parts = review.explain(tools, ENO).parts
    assert [part.feature for part in parts[0]] == ["name", "titles", "address", "elsewhere"]
    assert parts[1] == ()


def row(line: int, mbid: str, answer: str, candidate_id: str = "57", *, chosen: str = "", version: str = "") -> Row:
    return Row(
        line=line,
        item=str(item(mbid).item_id),
        version=version or "f2c09d9bd7cd",
        candidate=candidate_id,
        answer=answer,
        chosen=chosen,
        note="",
    )


def take(tools: review.ReviewTools, *rows: Row, dry_run: bool = False) -> review.Decided:
    assert isinstance(tools.sheets, FakeSheets)
    tools.sheets.rows = list(rows)
    return review.import_sheet(tools, Path("sheet.csv"), by="somebody", dry_run=dry_run)


def test_the_answers_of_a_sheet_are_recorded_together(tools: review.ReviewTools) -> None:
    taken = take(
        tools,
        row(2, "eno", "new"),
        row(3, "hütter", "different", "28"),
        row(4, "hütter", "same", "28", chosen="29"),
        row(5, "hütter", "same", "29"),  # the same again
    )
    assert [(one.answer, one.other_source_id) for one in taken.judgements] == [
        ("new", None),
        ("different", "28"),
        ("same", "29"),
    ]
    assert len(tools.judgements.all()) == 3


@pytest.mark.parametrize(
    ("bad", "problem"),
    [
        (row(3, "hütter", "maybe", "28"), "judgement 'maybe' is none of same, different, new, skip"),
        (row(3, "hütter", "undo", "28"), "judgement 'undo' is none of same, different, new, skip"),
        (row(3, "nobody", "new"), f"no item {item('nobody').item_id} waits for a person"),
        (replace(row(3, "eno", "new"), item=""), "no item (none) waits for a person"),
        (row(3, "hütter", "same", "57"), f"57 is no candidate of item {HUETTER}; it has 28, 29"),
        (
            row(3, "hütter", "new", version="old"),
            f"item {HUETTER} has changed since (old, now f2c09d9bd7cd); look at it again",
        ),
        (row(3, "eno", "skip"), "line 2 says new of the same item"),
    ],
)
def test_one_bad_line_of_a_sheet_and_nothing_is_recorded(tools: review.ReviewTools, bad: Row, problem: str) -> None:
    taken = take(tools, row(2, "eno", "new"), bad)
    assert taken == review.Decided(judgements=(), problems=[Problem(line=3, what=problem)])
    assert tools.judgements.all() == []


def test_a_dry_run_of_a_sheet_records_nothing(tools: review.ReviewTools) -> None:
    assert len(take(tools, row(2, "eno", "new"), dry_run=True).judgements) == 1
    assert tools.judgements.all() == []


def test_an_empty_sheet_says_nothing(tools: review.ReviewTools) -> None:
    assert take(tools) == review.Decided(judgements=[])


def test_a_sheet_has_what_waits(tools: review.ReviewTools) -> None:
    decide(tools, ENO, "skip")
    assert review.export_sheet(tools, Path("sheet.csv"), entity_types=["artist"], limit=None) == 1
    assert isinstance(tools.sheets, FakeSheets)
    assert [one.source_id for one in tools.sheets.written] == ["hütter"]


def test_judgements_are_counted_by_type_and_answer(tools: review.ReviewTools) -> None:
    decide(tools, ENO, "same", "57")
    decide(tools, HUETTER, "skip")
    counted = review.count(tools)
    assert counted["artist"].answers == {"same": 1, "skip": 1}
    assert [(one.lowest, one.same, one.different) for one in counted["artist"].bins] == [(1, 1, 0)]
    assert (counted["label"].answers, counted["label"].bins, counted["label"].proposals) == ({}, [], [])
