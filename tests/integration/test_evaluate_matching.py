"""`liner evaluate matching` on files: a small one written here, and the real one where it is."""

import csv
import json
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any

import pytest
from typer.testing import CliRunner

from linernotes.bootstrap.evaluation import matching_evaluation
from linernotes.cli.main import app
from linernotes.errors import FatalError, WrongUsageError
from linernotes.ports.matching import DatasetShape
from linernotes.usecases.evaluate import MatchingReport
from tests.fakes.progress import RecordedProgress

REAL = Path(__file__).parents[3] / "shared" / "data" / "matching" / "musicbrainz_20k.csv"
WORDS = ("river", "mountain", "garden", "silver", "thunder", "window", "candle", "harbour", "meadow", "lantern")
HEADER = ["source", "truth", "number", "title", "length", "artist", "album", "year", "language"]


def records() -> list[list[str]]:
    """Forty-five songs; one source writes `Artist - Title`, the other counts milliseconds."""
    rows = []
    for at, (one, other) in enumerate(combinations(WORDS, 2)):
        title, artist, album, year = f"{one} over {other}", f"the {other}s of {one}", f"{one} {at}", str(1970 + at)
        number, seconds = str(1 + at % 12), 120 + 7 * at
        rows.append(["x", str(at), number, f"{artist} - {title}", str(seconds), "", album, year, "Eng."])
        rows.append(["y", str(at), f"{number:0>3}", title, str(1000 * seconds), artist, album, year, "English"])
    return rows


def write(path: Path, rows: list[list[str]], header: list[str] = HEADER) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def evaluate(path: Path, **columns: str) -> MatchingReport:
    shape = DatasetShape(path=path, source_column="source", truth_column="truth", columns=columns)
    return matching_evaluation(RecordedProgress()).run(shape)


def test_songs_are_found_in_the_other_source(tmp_path: Path) -> None:
    report = evaluate(write(tmp_path / "songs.csv", records()))
    assert (report.records, report.sources) == (90, 2)
    assert (report.pairwise.f1, report.clusters.f1, report.completeness) == (1.0, 1.0, 1.0)
    assert [one.rule for one in report.repairs["x"]] == ["the artist stands before the title"]
    assert report.repairs["y"] == []
    assert report.peak_mb > 50
    assert set(report.cpu_seconds) == {"read and repair", "candidates", "compare and decide"}


def test_order_of_the_file_changes_nothing(tmp_path: Path) -> None:
    rows = records()
    first = evaluate(write(tmp_path / "songs.csv", rows))
    Random(7).shuffle(rows)
    second = evaluate(write(tmp_path / "shuffled.csv", rows))
    assert (first.pairs, first.pairwise, first.clusters) == (second.pairs, second.pairwise, second.clusters)


def test_columns_may_have_any_name_and_some_may_be_missing(tmp_path: Path) -> None:
    rows = [[row[0], row[1], row[3], row[5]] for row in records()]
    path = write(tmp_path / "songs.csv", rows, ["source", "truth", "song", "by"])
    assert evaluate(path, title="song", artist="by").pairwise.f1 == 1.0


def test_truth_has_no_part_in_deciding(tmp_path: Path) -> None:
    rows = records()
    honest = evaluate(write(tmp_path / "songs.csv", rows))
    misled = evaluate(write(tmp_path / "misled.csv", [[row[0], "same", *row[2:]] for row in rows]))
    assert (misled.pairs, misled.pairwise.found, misled.clusters.found) == (
        honest.pairs,
        honest.pairwise.found,
        honest.clusters.found,
    )


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"title": "song"}, "has no column song; it has source, truth"),
        ({"colour": "title"}, "there is no field colour; fields: title"),
        ({"artist": "title"}, "has no column title; say which it is"),
    ],
)
def test_wrong_columns_are_told(tmp_path: Path, columns: dict[str, str], message: str) -> None:
    path = write(tmp_path / "songs.csv", records())
    with pytest.raises(WrongUsageError, match=message):
        evaluate(path, **columns)


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"source,truth,title\nx,1\n", "has 2 values, not 3"), (b"source,truth,title\nx,1,\xff\n", "is not CSV in UTF-8")],
)
def test_broken_file_is_told(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "songs.csv"
    path.write_bytes(content)
    with pytest.raises(FatalError, match=message):
        evaluate(path)


def test_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(WrongUsageError, match="cannot open"):
        evaluate(tmp_path / "none.csv")


def test_file_with_a_header_alone_has_nothing_to_match(tmp_path: Path) -> None:
    report = evaluate(write(tmp_path / "songs.csv", []))
    assert (report.records, report.pairs, report.pairwise.f1) == (0, 0, 1.0)


def run(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["--quiet", "evaluate", "matching", *arguments])


def test_command_prints_a_table_or_one_document(tmp_path: Path) -> None:
    path = write(tmp_path / "songs.csv", records())
    shown = run("--dataset", str(path))
    assert shown.exit_code == 0
    assert "the artist stands before the title" in shown.stdout
    assert "90 records of 2 sources" in shown.stdout
    document = json.loads(run("--dataset", str(path), "--json").stdout)
    assert document["pairwise"]["f1"] == 1.0


def test_command_wants_columns_as_field_and_name(tmp_path: Path) -> None:
    path = write(tmp_path / "songs.csv", records())
    assert run("--dataset", str(path), "--column", "title=title").exit_code == 0
    assert isinstance(run("--dataset", str(path), "--column", "title").exception, WrongUsageError)


@pytest.mark.skipif(not REAL.exists(), reason=f"the real records are not here: {REAL}")
def test_real_records_are_matched_well_without_labels() -> None:
    shape = DatasetShape(path=REAL, source_column="SourceID", truth_column="CID")
    report = matching_evaluation(RecordedProgress()).run(shape)
    assert report.records == 19_375
    assert report.pairwise.true == 16_250
    assert report.pairwise.f1 >= 0.997
    assert report.completeness >= 0.995
