"""The bundled sample is what its README says."""

import gzip
import hashlib
import re
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest
from lxml import etree

from linernotes.domain.entities import TrackKind, track_kind
from linernotes.sample import DUMPS, MONTHS, write_dumps, write_musicbrainz
from linernotes.sources.musicbrainz.schema import COLUMNS

SAMPLE = files("linernotes.sample") / "discogs"
KINDS = ("artists", "labels", "masters", "releases")
BROKEN = re.compile(rb'<release id="91".*?</release>', re.DOTALL)
CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|&#(?:7|x1F);")

Value = tuple[str, tuple[tuple[str, str], ...], str, tuple[object, ...]]


def raw(month: str, kind: str) -> bytes:
    return (SAMPLE / month / f"discogs_{month.replace('-', '')}01_{kind}.xml").read_bytes()


@cache
def tree(month: str, kind: str) -> etree._Element:
    return etree.fromstring(BROKEN.sub(b"", CONTROLS.sub(b"", raw(month, kind))))


def record_id(record: etree._Element) -> str:
    return record.get("id") or record.findtext("id") or ""


def value(element: etree._Element) -> Value:
    """What an element says, whatever the era: no images, no empty tags, no id 0, no order of attributes."""
    children = tuple(value(child) for child in element if child.tag != "images" and not is_unlinked(child))
    attributes = tuple(sorted((name, text) for name, text in element.attrib.items() if text))
    text = "" if len(element) else element.text or ""
    return (str(element.tag), attributes, text, tuple(child for child in children if any(child[1:])))


def is_unlinked(element: etree._Element) -> bool:
    """An id of nobody, or one that stands beside a member."""
    parent = element.getparent()
    return element.tag == "id" and (element.text == "0" or (parent is not None and parent.tag == "members"))


def values(month: str, kind: str) -> dict[str, Value]:
    return {record_id(record): value(record) for record in tree(month, kind)}


def differences(kind: str) -> tuple[set[str], set[str], set[str]]:
    """Ids that are new, gone and changed in the second month."""
    before, after = (values(month, kind) for month in MONTHS)
    changed = {identifier for identifier in before.keys() & after.keys() if before[identifier] != after[identifier]}
    return after.keys() - before.keys(), before.keys() - after.keys(), changed


def release(month: str, identifier: str) -> etree._Element:
    return next(record for record in tree(month, "releases") if record.get("id") == identifier)


def texts(month: str, identifier: str, path: str) -> list[str]:
    return [found.text or "" for found in release(month, identifier).findall(path)]


@pytest.mark.parametrize("month", MONTHS)
def test_counts_are_as_the_readme_says(month: str) -> None:
    row = next(line for line in (SAMPLE / "README.md").read_text("utf-8").splitlines() if line.startswith(f"| {month}"))
    broken = len(BROKEN.findall(raw(month, "releases")))
    counts = [len(tree(month, kind)) for kind in KINDS]
    assert [int(cell) for cell in row.split("|")[2:7]] == [*counts, broken]


@pytest.mark.parametrize("month", MONTHS)
@pytest.mark.parametrize("kind", KINDS)
def test_ids_are_unique_and_in_order(month: str, kind: str) -> None:
    ids = [int(record_id(record)) for record in tree(month, kind)]
    assert len(set(ids)) == len(ids)
    assert ids == sorted(ids)


@pytest.mark.parametrize(
    ("kind", "new", "gone", "changed"),
    [
        ("artists", set(), {"66"}, set()),
        ("labels", set(), set(), {"16"}),
        ("masters", set(), set(), set()),
        ("releases", {"15", "55"}, {"50"}, {"1", "9", "31", "37", "42"}),
    ],
)
def test_months_differ_where_the_readme_says_and_nowhere_else(
    kind: str, new: set[str], gone: set[str], changed: set[str]
) -> None:
    assert differences(kind) == (new, gone, changed)


def test_every_byte_of_a_record_with_tags_to_omit_changes_with_the_era() -> None:
    before, after = ({*raw(month, "releases").splitlines()} for month in MONTHS)
    assert [line for line in before & after if b'id="91"' not in line and line.startswith(b"<release ")] == []


def test_release_37_loses_one_track_and_nothing_else() -> None:
    before, after = (texts(month, "37", "tracklist/track/title") for month in MONTHS)
    assert before == [*after, "Endless, Nameless"]


def test_release_1_loses_one_credit_and_nothing_else() -> None:
    before, after = (texts(month, "1", "extraartists/artist/name") for month in MONTHS)
    assert sorted(before) == sorted([*after, "Teo Macero"])


def test_release_42_gets_its_title_corrected() -> None:
    assert [texts(month, "42", "title") for month in MONTHS] == [["Remain In The Light"], ["Remain In Light"]]


@pytest.mark.parametrize(("identifier", "name"), [("9", "The Originals"), ("31", "Artificial Intelligence")])
def test_series_appear_with_the_new_era(identifier: str, name: str) -> None:
    before, after = (release(month, identifier).findall("series/series") for month in MONTHS)
    assert before == []
    assert [series.get("name") for series in after] == [name]


def test_label_16_is_renamed() -> None:
    names = [next(x for x in tree(month, "labels") if record_id(x) == "16").findtext("name") for month in MONTHS]
    assert names == ["One Little Indian", "One Little Independent Records"]


@pytest.mark.parametrize("kind", KINDS)
def test_old_era_has_images_and_empty_tags_and_the_new_has_none(kind: str) -> None:
    old, new = (tree(month, kind) for month in MONTHS)
    empty = "//*[not(*) and not(text()) and not(@*)]"
    assert old.xpath("count(//image)") > 0
    assert old.xpath(f"count({empty})") > 0
    assert new.xpath("count(//images)") == 0
    assert new.xpath(f"count({empty})") == 0


@pytest.mark.parametrize(
    ("month", "kind", "path", "count"),
    [
        ("2024-11", "releases", "release[@id=90]/formats/format[string-length(@qty)=52]", 1),
        ("2024-12", "releases", "release[@id=90]/formats/format[string-length(@qty)=52]", 1),
        ("2024-11", "labels", "label[id=212][not(name)]", 1),
        ("2024-12", "labels", "label[id=212][not(name)]", 1),
        ("2024-11", "releases", "release[@id=29]/labels/label[@name='Warp Records'][@catno='WAP105CD'][@id=25]", 2),
        ("2024-12", "releases", "release[@id=29]/labels/label[@name='Warp Records'][@catno='WAP105CD'][@id=25]", 2),
        ("2024-12", "releases", "release/extraartists/artist[id=0]", 0),
        ("2024-12", "releases", "release[@id=90]//track/extraartists/artist[id=0]", 3),
        ("2024-12", "releases", "release[not(@id=90)]//artist[id=0]", 0),
        ("2024-11", "releases", "release//artist[not(id)]", 0),
        ("2024-11", "releases", "release[master_id=0]", 2),
        ("2024-11", "releases", "release[@id=33]/companies/company[catno='FC 44303']", 1),
        ("2024-11", "releases", "release[@id=90]/videos/video[@duration=65535]", 1),
        ("2024-12", "releases", "release[@id=90]/videos/video[@duration=65535]", 1),
        ("2024-11", "releases", "release[released='1959-08-17']", 1),
        ("2024-11", "releases", "release[released='1999-00-00']", 1),
        ("2024-11", "releases", "release[released='1967']", 2),
        ("2024-11", "masters", "master[year=0]", 1),
        ("2024-11", "releases", "release[artists/artist[id=194]]//track/artists/artist", 10),
        ("2024-11", "artists", "artist[id=194 or id=355]", 0),
        ("2024-11", "releases", "release[@id=7]//sub_tracks/track/artists/artist", 4),
        ("2024-11", "releases", "release[@id=8]//sub_tracks/track", 32),
        ("2024-11", "releases", "release[@id=13]//sub_tracks/track/extraartists/artist[anv='Waters']", 5),
        ("2024-11", "artists", "artist/members/id", 6),
        ("2024-12", "artists", "artist/members/id", 0),
        ("2024-12", "artists", "artist[id=16]/members/name[@id]", 4),
        ("2024-11", "labels", "label/sublabels/label[@id]", 4),
        ("2024-11", "labels", "label/parentLabel[@id]", 4),
        ("2024-11", "artists", "artist[name='Nirvana' or name='Nirvana (2)']", 2),
        ("2024-11", "artists", "artist[name='!!!' or name='AC/DC' or name='はっぴいえんど' or name='Кино']", 4),
    ],
)
def test_odd_records_are_there(month: str, kind: str, path: str, count: int) -> None:
    assert len(tree(month, kind).xpath(path)) == count


@pytest.mark.parametrize(
    ("identifier", "kind", "count"),
    [
        ("36", TrackKind.HEADING, 1),
        ("44", TrackKind.HEADING, 2),
        ("90", TrackKind.HEADING, 1),
        ("9", TrackKind.INDEX, 2),
        ("13", TrackKind.INDEX, 2),
        ("50", TrackKind.HEADING, 0),
    ],
)
def test_heading_and_index_tracks_are_where_the_readme_says(identifier: str, kind: TrackKind, count: int) -> None:
    kinds = [
        track_kind(
            track.findtext("position"), track.findtext("duration"), has_sub_tracks=track.find("sub_tracks") is not None
        )
        for track in release("2024-11", identifier).findall("tracklist/track")
    ]
    assert kinds.count(kind) == count


@pytest.mark.parametrize("month", MONTHS)
def test_control_characters_stand_raw_and_as_references(month: str) -> None:
    content = raw(month, "releases")
    assert all(content.count(mark) == 1 for mark in (b"\x07", b"\x1f", b"&#7;", b"&#x1F;"))
    assert raw(month, "labels").count(b"\x1f") == 1
    assert b"&#13;\n" in raw(month, "artists")


CONTROL = re.compile(rb"[\x07\x1f]|&#x?0*(?:7|1f|31);", re.IGNORECASE)


@pytest.mark.parametrize("month", MONTHS)
def test_one_record_is_broken_between_whole_neighbours(month: str) -> None:
    records = re.findall(rb"<release .*?</release>", raw(month, "releases"), re.DOTALL)
    place = next(number for number, record in enumerate(records) if b'id="91"' in record)
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(records[place])
    whole = [etree.fromstring(CONTROL.sub(b"", records[number])) for number in (place - 1, place + 1)]
    assert [record.get("id") for record in whole] == ["90", "92"]


@pytest.mark.parametrize(
    ("kind", "seam"),
    [("artists", b"</artist><artist>"), ("labels", b"</label><label>"), ("releases", b"</release><release ")],
)
@pytest.mark.parametrize("month", MONTHS)
def test_two_records_share_a_line(month: str, kind: str, seam: bytes) -> None:
    assert raw(month, kind).count(seam) == 1


@pytest.mark.parametrize(
    ("kind", "tag"), [("releases", b"release"), ("releases", b"label"), ("releases", b"format"), ("releases", b"video")]
)
def test_attributes_come_in_several_orders(kind: str, tag: bytes) -> None:
    opened = re.findall(rb"<" + tag + rb" [^>]*>", raw("2024-11", kind))
    assert len({tuple(re.findall(rb'(\w+)="', one)) for one in opened}) > 1


@pytest.mark.parametrize("month", MONTHS)
def test_every_reference_leads_to_a_record_but_for_the_ones_meant_not_to(month: str) -> None:
    artists = {record_id(record) for record in tree(month, "artists")} | {"0", "194", "355"}
    labels = {record_id(record) for record in tree(month, "labels")} | {"0"}
    releases = {record_id(record) for record in tree(month, "releases")}
    tracks = tree(month, "releases")
    assert {found.text for found in tracks.findall(".//artist/id")} <= artists
    assert {found.get("id") for found in tracks.findall("*/labels/label")} - labels == {"999999"}
    assert {found.text for found in tree(month, "masters").findall(".//main_release")} <= releases
    assert {found.text for found in tracks.findall("*/master_id")} - set(values(month, "masters")) <= {"0", "999"}


def test_dumps_are_written_as_discogs_names_them(tmp_path: Path) -> None:
    write_dumps(tmp_path / "dumps")
    stamps = ("20241101", "20241201")
    expected = {f"discogs_{stamp}_{kind}.xml.gz" for stamp in stamps for kind in KINDS}
    assert {path.name for path in (tmp_path / "dumps").iterdir()} == expected | {
        f"discogs_{stamp}_CHECKSUM.txt" for stamp in stamps
    }


def test_dumps_of_one_month_come_alone(tmp_path: Path) -> None:
    write_dumps(tmp_path, months=["2024-12"])
    assert len([*tmp_path.iterdir()]) == 5
    assert all("20241201" in path.name for path in tmp_path.iterdir())


def test_checksums_fit_the_dumps_and_the_dumps_the_sample(tmp_path: Path) -> None:
    write_dumps(tmp_path)
    lines = (tmp_path / "discogs_20241101_CHECKSUM.txt").read_text().splitlines()
    listed = {line.split(" *")[1]: line.split(" *")[0] for line in lines}
    dumps = {path.name: path.read_bytes() for path in tmp_path.glob("discogs_20241101_*.gz")}
    assert listed == {name: hashlib.sha256(content).hexdigest() for name, content in dumps.items()}
    assert gzip.decompress(dumps["discogs_20241101_releases.xml.gz"]) == raw("2024-11", "releases")


def test_dumps_written_again_are_the_same_bytes(tmp_path: Path) -> None:
    write_dumps(tmp_path / "first")
    write_dumps(tmp_path / "second")
    first, second = (
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("first", "second")
    )
    assert first == second


MUSICBRAINZ = files("linernotes.sample") / "musicbrainz"
REFERENCES = {
    ("artist_credit_name", "artist"): "artist",
    ("artist_alias", "artist"): "artist",
    ("l_artist_url", "entity0"): "artist",
    ("l_artist_url", "entity1"): "url",
    ("l_artist_url", "link"): "link",
    ("link", "link_type"): "link_type",
    ("release", "release_group"): "release_group",
    ("release_country", "release"): "release",
    ("release_label", "release"): "release",
    ("medium", "release"): "release",
    ("track", "medium"): "medium",
    ("track", "recording"): "recording",
    ("isrc", "recording"): "recording",
    ("artist_gid_redirect", "new_id"): "artist",
}


def table(day: str, name: str) -> list[dict[str, str]]:
    """The rows of a table as the dump of that day shows it."""
    own = MUSICBRAINZ / day / name
    text = (own if own.is_file() else MUSICBRAINZ / DUMPS[0] / name).read_text(encoding="utf-8")
    return [dict(zip(COLUMNS[name], line.split("\t"), strict=True)) for line in text.splitlines()]


@pytest.mark.parametrize("day", DUMPS)
@pytest.mark.parametrize(("place", "target"), REFERENCES.items(), ids=str)
def test_what_the_musicbrainz_sample_refers_to_is_there(day: str, place: tuple[str, str], target: str) -> None:
    name, column = place
    there = {row["id"] for row in table(day, target)}
    assert {row[column] for row in table(day, name)} <= there


@pytest.mark.parametrize("day", DUMPS)
def test_the_musicbrainz_sample_has_each_id_once(day: str) -> None:
    for name in ("artist", "label", "release_group", "release", "recording", "track", "url", "link"):
        rows = table(day, name)
        for column in ("id", "gid"):
            if column in COLUMNS[name]:
                assert len({row[column] for row in rows}) == len(rows), name


def test_the_second_musicbrainz_dump_has_only_tables_that_changed() -> None:
    for changed in (MUSICBRAINZ / DUMPS[1]).iterdir():
        assert changed.read_bytes() != (MUSICBRAINZ / DUMPS[0] / changed.name).read_bytes()


def test_the_musicbrainz_archives_are_the_same_bytes_each_time(tmp_path: Path) -> None:
    first, second = write_musicbrainz(tmp_path / "a"), write_musicbrainz(tmp_path / "b")
    assert [[path.read_bytes() for path in one] for one in first] == [
        [path.read_bytes() for path in one] for one in second
    ]
