"""Which records the fast reader may take."""

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from linernotes.sources.discogs.grammar import plain_record

RELEASE = (
    '<release id="1" status="Accepted">'
    '<images><image type="primary" uri="" uri150="" width="600" height="450"/></images>'
    "<artists><artist><id>1</id><name>Persuader, The</name><anv/><join/><role/><tracks/></artist></artists>"
    '<title>Stockholm</title><labels><label name="Svek" catno="SK032" id="5"/></labels>'
    '<series><series name="S" catno="" id="7"/></series>'
    '<formats><format name="Vinyl" qty="2" text=""><descriptions><description>12"</description></descriptions></format>'
    '<format name="CD" qty="1" text=""/></formats>'
    "<genres><genre>Electronic</genre></genres><styles/><country>Sweden</country><released>1999-03-00</released>"
    "<notes>Recorded\n\tat [l=Globe]] &amp; &#228;&#xFFE3;</notes><data_quality>Needs Vote</data_quality>"
    '<master_id is_main_release="true">1660109</master_id>'
    "<tracklist><track><position>A</position><title>Östermalm</title><duration>4:45</duration><artists/>"
    "<sub_tracks><track><title>x</title></track></sub_tracks></track></tracklist>"
    '<identifiers><identifier type="Barcode" value="1"/></identifiers>'
    '<videos><video src="a" duration="1" embed="true"><title>t</title><description/></video></videos>'
    "<companies><company><id>1</id><name>n</name><catno/><entity_type>23</entity_type>"
    "<entity_type_name>Recorded At</entity_type_name><resource_url>u</resource_url></company></companies></release>"
)


def are_plain(entity: str, records: Sequence[bytes]) -> list[bool]:
    array = pa.array(records, pa.large_binary())
    found: list[bool] = pc.match_substring_regex(array, pattern=plain_record(entity)).to_pylist()
    return found


def test_a_record_of_either_era_is_plain() -> None:
    assert are_plain("release", [RELEASE.encode(), f"\n  {RELEASE}".encode()]) == [True, True]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<title>Stockholm</title>", ""),
        ("<title>Stockholm</title>", "<title/>"),
        ("<styles/>", "\n  <styles>\n    <style>Techno</style>\n  </styles>\n  "),
        ('id="1" status="Accepted"', 'status="Accepted" id="1"'),
        ('name="Svek" catno="SK032" id="5"', 'id="5" catno="SK032" name="&quot;Svek&#34;"'),
        ("Stockholm", "\N{FULLWIDTH TILDE}\N{REPLACEMENT CHARACTER}\N{GRINNING FACE}"),
        ("Stockholm", "&#x1F600;&#9;&#13;&#65281;&gt;"),
        ('catno="SK032" id="5"/>', 'catno="SK032" id="5"></label>'),
        ('catno="SK032" id="5"/>', 'catno="SK032" id="5" />'),
        ("<anv/>", "<anv />"),
        ("<styles/>", "<styles />"),
    ],
)
def test_what_two_parsers_read_alike_is_plain(old: str, new: str) -> None:
    assert old in RELEASE
    assert are_plain("release", [RELEASE.replace(old, new).encode()]) == [True]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<country>", "<continent>Europe</continent><country>"),
        ('status="Accepted"', 'status="Accepted" stage="2"'),
        ("<title>Stockholm", '<title lang="sv">Stockholm'),
        ("<labels>", "<labels>text"),
        ("<labels>", "text<labels>"),
        ("Stockholm", "Stock<b>holm</b>"),
        ("Stockholm", "Stock<!-- x -->holm"),
        ("Stockholm", "<![CDATA[Stockholm]]>"),
        ("Stockholm", "Stock<?x?>holm"),
        ("Stockholm", "Stock&holm;"),
        ("Stockholm", "Stock & holm"),
        ("Stockholm", "Stock\x07holm"),
        ("Stockholm", "Stock&#7;holm"),
        ("Stockholm", "Stock&#x1F;holm"),
        ("Stockholm", "Stock&#11;holm"),
        ("Stockholm", "Stock&#65534;holm"),
        ("Stockholm", "Stock&#xFFFE;holm"),
        ("Stockholm", "Stock\ufffeholm"),
        ("Stockholm", "Stock\rholm"),
        ("Stockholm", "Stock]]>holm"),
        ('"Svek"', "'Svek'"),
        ('"Svek"', '"Sv\nek"'),
        ('"Svek"', '"Sv<ek"'),
        ("<title>Stockholm</title>", "<title>Stockholm"),
        ("</release>", ""),
        ("</release>", "</release>x"),
        ("<release ", "x<release "),
        ('id="1" status', 'id="one" status'),
        ("</sub_tracks>", "<track><sub_tracks/></track></sub_tracks>"),
        ("<genres>", "<genres><style>x</style>"),
        ("<title>Stockholm</title>", "<title xmlns='x'>Stockholm</title>"),
    ],
)
def test_everything_else_is_left_to_the_careful_reader(old: str, new: str) -> None:
    assert old in RELEASE
    assert are_plain("release", [RELEASE.replace(old, new).encode()]) == [False]


def test_bare_member_ids_are_plain_only_where_they_can_be_told_from_names() -> None:
    members = "<artist><id>1</id><members><id>2</id><name id='3'>x</name></members></artist>".replace("'", '"')
    unclear = [members.replace("<id>2</id>", "<id/>"), members.replace(">x<", "><")]
    assert are_plain("artist", [members.encode(), *(one.encode() for one in unclear)]) == [True, False, False]
