"""Records that are odd but true: taken as they are, and read as far as they can be."""

from typing import Any

import pytest

from linernotes.bootstrap import open_app
from tests.fakes.progress import RecordedProgress
from tests.faults.liner import Home
from tests.integration.small_dumps import JANUARY, LABELS, document, release, write_month, zipped

QUANTITY = "9" * 52
ODD = (
    release(5, "Many", f'<formats><format name="Vinyl" qty="{QUANTITY}" text=""/></formats>'),
    release(6, "Twice").replace("</labels>", '<label name="Bad Vugum" catno="BAD 6" id="1"/></labels>'),
    release(7, "Bell\x07 and unit\x1f, and &#7;&#x1F; as references"),
    release(8, "Nobody", "<extraartists><artist><id>0</id><name>A. Nonymous</name></artist></extraartists>"),
    release(9, "Missing").replace("<id>1</id>", "<id>194</id>").replace("Aavikko", "Various"),
)
NAMELESS = "<label><id>212</id><data_quality>Correct</data_quality></label>"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("odd") / "home")
    labels = zipped(document("labels", *LABELS, NAMELESS))
    folder = write_month(home.path.parent / "dumps", "20260101", (*JANUARY, *ODD), other={"labels": labels})
    pulled = home.run("pull", "discogs", "--from", str(folder))
    assert pulled.status == 0, pulled
    built = home.run("build")
    assert built.status == 0, built
    return home


def ask(home: Home, sql: str) -> list[list[Any]]:
    finished = home.run("query", sql, "--json")
    assert finished.status == 0, finished
    return [list(row.values()) for row in finished.document]


def test_a_quantity_of_52_digits_is_kept_as_text_and_is_no_number(home: Home) -> None:
    assert ask(home, "SELECT qty FROM bronze.discogs_release_format") == [[QUANTITY]]
    assert ask(home, "SELECT quantity, quantity_raw FROM silver.medium") == [[None, QUANTITY]]


def test_a_nameless_label_is_a_label(home: Home) -> None:
    assert ask(home, "SELECT name, name_key FROM silver.label WHERE record_id = '212'") == [[None, None]]


def test_an_exact_repetition_of_a_label_is_received_twice_and_told_once(home: Home) -> None:
    assert ask(home, "SELECT count(*) FROM bronze.discogs_release_label WHERE record_id = 6") == [[2]]
    assert ask(home, "SELECT position FROM silver.release_label WHERE record_id = '6'") == [[1]]


def test_control_characters_are_removed_and_counted(home: Home) -> None:
    assert ask(home, "SELECT title FROM silver.release WHERE record_id = '7'") == [
        ["Bell and unit, and  as references"]
    ]
    with open_app(home.path, progress=RecordedProgress()) as app:
        (report,) = [load.report for load in app.core.ledger.loads.find() if load.entity == "release"]
    assert report["forbidden_characters"] == {"raw": 2, "references": 2, "example": 7}


def test_a_credit_of_nobody_and_an_artist_that_is_in_no_file_are_kept_by_name(home: Home) -> None:
    assert ask(home, "SELECT artist_record_id, artist_name FROM silver.release_credit") == [[None, "A. Nonymous"]]
    assert ask(home, "SELECT artist_record_id, artist_name FROM silver.artist_credit WHERE record_id = '9'") == [
        ["194", "Various"]
    ]
    assert ask(
        home, "SELECT missing_count FROM gold.missing_reference WHERE reference = 'artist_credit.artist_record_id'"
    ) == [[1]]
