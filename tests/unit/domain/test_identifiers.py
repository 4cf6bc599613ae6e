import pytest
from hypothesis import given
from hypothesis import strategies as st

from linernotes.domain.entities import EntityType
from linernotes.domain.identifiers import (
    Barcode,
    BarcodeStatus,
    DiscogsAddress,
    normalise_barcode,
    normalise_isrc,
    normalise_mbid,
    parse_discogs_address,
    split_isrc,
)

any_text = st.text(st.characters(codec=None))


@pytest.mark.parametrize(
    ("text", "isrc"),
    [
        ("GBAYE9300106", "GBAYE9300106"),
        ("gb-aye-93-00106", "GBAYE9300106"),
        ("GB–AYE–93–00106", "GBAYE9300106"),
        ("ISRC GB AYE 93 00106", "GBAYE9300106"),
        ("ISRC: GBAYE9300106", "GBAYE9300106"),
        ("isrc code: GBAYE9300106", "GBAYE9300106"),
        ("ISRC17600001", "ISRC17600001"),
        ("ISRC ISRC17600001", "ISRC17600001"),
        ("QM-24S-1600001", "QM24S1600001"),
        (" " * 88 + "GBAYE9300106", "GBAYE9300106"),
    ],
)
def test_isrc_loses_its_dashes(text: str, isrc: str) -> None:
    assert normalise_isrc(text) == isrc


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "GBAYE930010",
        "GBAYE93001060",
        "GBAYE93O0106",
        "1BAYE9300106",
        "GBÄYE9300106",
        "GBAYE93001٠6",
        "x" * 200,
        "ßAYE9300106",
        "GBAYE9300106 / GBAYE9300107",
        "ISRC",
        " " * 101 + "GBAYE9300106",
    ],
)
def test_what_is_no_isrc_is_not_repaired(text: str | None) -> None:
    assert normalise_isrc(text) is None


@given(any_text | st.from_regex(r"\A(ISRC:? ?)?[A-Z]{2}-?[A-Z0-9]{3}-?[0-9]{7}\Z"))
def test_isrc_of_an_isrc_is_itself(text: str) -> None:
    isrc = normalise_isrc(text)
    assert normalise_isrc(isrc) == isrc
    assert isrc is None or len(isrc) == 12


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("720642442524", "0720642442524"),
        ("7 20642 44252 4", "0720642442524"),
        ("7 20642 44252 4 >", "0720642442524"),
        ("0720642442524", "0720642442524"),
        ("00720642442524", "0720642442524"),
        ("74646493526", "0074646493526"),
        ("724385522925", "0724385522925"),
        ("5-099749-534728", "5099749534728"),
        ("96385074", "96385074"),
    ],
)
def test_barcode_with_a_right_check_digit_is_padded_to_thirteen(text: str, value: str) -> None:
    assert normalise_barcode(text) == Barcode(value, BarcodeStatus.OK)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (None, BarcodeStatus.MISSING),
        ("", BarcodeStatus.NO_BARCODE),
        (" - ", BarcodeStatus.NO_BARCODE),
        ("0", BarcodeStatus.NO_BARCODE),
        ("0000000000000", BarcodeStatus.NO_BARCODE),
        ("None", BarcodeStatus.NO_BARCODE),
        ("No Barcode", BarcodeStatus.NO_BARCODE),
        ("N/A", BarcodeStatus.NO_BARCODE),
        ("720642442525", BarcodeStatus.BAD_CHECK),
        ("96385075", BarcodeStatus.BAD_CHECK),
        ("1234567", BarcodeStatus.BAD_LENGTH),
        ("123456789", BarcodeStatus.BAD_LENGTH),
        ("17206424425241", BarcodeStatus.BAD_LENGTH),
        ("10720642442521", BarcodeStatus.BAD_LENGTH),
        ("9" * 52, BarcodeStatus.BAD_LENGTH),
        ("CK 64935", BarcodeStatus.NOT_DIGITS),
        ("X", BarcodeStatus.NOT_DIGITS),
        ("٧٢٠٦٤٢٤٤٢٥٢٤", BarcodeStatus.NOT_DIGITS),
        ("²0642442524²", BarcodeStatus.NOT_DIGITS),
    ],
)
def test_barcode_that_is_none_says_why(text: str | None, status: BarcodeStatus) -> None:
    assert normalise_barcode(text) == Barcode(None, status)


@given(any_text | st.text(st.sampled_from("0123456789 ->"), max_size=16))
def test_barcode_of_a_barcode_is_itself(text: str) -> None:
    barcode = normalise_barcode(text)
    assert (barcode.value is not None) == (barcode.status is BarcodeStatus.OK)
    assert barcode.value is None or normalise_barcode(barcode.value) == barcode


@given(st.integers(10**11, 10**12 - 1), st.integers(1, 9), st.integers(0, 11))
def test_one_wrong_digit_is_noticed(number: int, change: int, place: int) -> None:
    check = next(str(digit) for digit in range(10) if normalise_barcode(f"{number}{digit}").value)
    digits = list(f"{number}{check}")
    digits[place] = str((int(digits[place]) + change) % 10)
    assert normalise_barcode("".join(digits)).status is BarcodeStatus.BAD_CHECK


@pytest.mark.parametrize(("isrc", "year"), [("GBAYE9300106", 1993), ("GBAYE4000106", 1940), ("GBAYE3900106", 2039)])
def test_isrc_tells_the_year_of_its_assignment(isrc: str, year: int) -> None:
    assert split_isrc(isrc)["ref_year"] == year


def test_isrc_is_taken_apart_as_it_is_printed() -> None:
    parts = split_isrc("QM24S1600001")
    assert (parts["country"], parts["registrant"], parts["designation"]) == ("QM", "24S", "00001")
    assert (parts["prefix"], parts["formatted"]) == ("QM24S", "QM-24S-16-00001")


@pytest.mark.parametrize(
    ("text", "mbid"),
    [
        ("B10BBBFC-CF9E-42E0-BE17-E2C3E1D2600D", "b10bbbfc-cf9e-42e0-be17-e2c3e1d2600d"),
        (" b10bbbfc-cf9e-42e0-be17-e2c3e1d2600d\n", "b10bbbfc-cf9e-42e0-be17-e2c3e1d2600d"),
        (
            "https://musicbrainz.org/artist/b10bbbfc-cf9e-42e0-be17-e2c3e1d2600d/releases?page=2",
            "b10bbbfc-cf9e-42e0-be17-e2c3e1d2600d",
        ),
        (
            "http://beta.musicbrainz.org/release-group/b10bbbfc-cf9e-42e0-be17-e2c3e1d2600d",
            "b10bbbfc-cf9e-42e0-be17-e2c3e1d2600d",
        ),
        ("https://example.org/artist/b10bbbfc-cf9e-42e0-be17-e2c3e1d2600d", None),
        ("b10bbbfccf9e42e0be17e2c3e1d2600d", None),
        ("b10bbbfc-cf9e-42e0-be17-e2c3e1d2600d0", None),
        ("g10bbbfc-cf9e-42e0-be17-e2c3e1d2600d", None),
        (None, None),
    ],
)
def test_mbid_is_found_in_its_address_and_nowhere_else(text: str | None, mbid: str | None) -> None:
    assert normalise_mbid(text) == mbid


def test_long_text_is_no_mbid() -> None:
    address = "https://musicbrainz.org/artist/b10bbbfc-cf9e-42e0-be17-e2c3e1d2600d/"
    assert normalise_mbid(address.ljust(500, "x"))
    assert normalise_mbid(address.ljust(501, "x")) is None


@pytest.mark.parametrize(
    ("url", "entity_type", "record_id"),
    [
        ("https://www.discogs.com/artist/82730", EntityType.ARTIST, "82730"),
        ("http://www.discogs.com/artist/82730-The-Beatles", EntityType.ARTIST, "82730"),
        ("https://discogs.com/label/1/", EntityType.LABEL, "1"),
        ("https://www.discogs.com/de/artist/82730-The-Beatles", EntityType.ARTIST, "82730"),
        ("https://www.discogs.com/pt-BR/release/1", EntityType.RELEASE, "1"),
        ("https://www.discogs.com/The-Persuader-Stockholm/release/1", EntityType.RELEASE, "1"),
        ("https://www.discogs.com/de/The-Persuader-Stockholm/release/1?ev=rb#x", EntityType.RELEASE, "1"),
        ("https://www.discogs.com/Stockholm/master/5427", EntityType.RELEASE_GROUP, "5427"),
        ("https://www.discogs.com/master/view/5427", EntityType.RELEASE_GROUP, "5427"),
        ("https://www.discogs.com/releases/1", EntityType.RELEASE, "1"),
        (" https://www.discogs.com/release/9999999999 ", EntityType.RELEASE, "9999999999"),
        ("HTTPS://WWW.DISCOGS.COM/MASTER/5427", EntityType.RELEASE_GROUP, "5427"),
        ("https://www.discogs.com/release/1+2", EntityType.RELEASE, "1"),
        ("https://www.discogs.com/release/1-a\nb", EntityType.RELEASE, "1"),
        ("https://www.discogs.com/release/1-" + "a" * 466, EntityType.RELEASE, "1"),
    ],
)
def test_an_address_at_discogs_names_a_record(url: str, entity_type: EntityType, record_id: str) -> None:
    assert parse_discogs_address(url) == DiscogsAddress(entity_type, record_id)


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "https://www.discogs.com/artist/Underworld",
        "https://www.discogs.com/artist/0",
        "https://www.discogs.com/artist/01",
        "https://www.discogs.com/artist/12x",
        "https://www.discogs.com/release/12345678901",
        "https://www.discogs.com/user/artist/collection",
        "https://www.discogs.com/a/b/c/artist/1",
        "https://www.discogs.com/sell/item/1",
        "https://www.discogs.com/search/?q=artist/1",
        "https://www.example.org/www.discogs.com/artist/1",
        "https://www.discogs.com.example.org/artist/1",
        "www.discogs.com/artist/1",
        "ftp://www.discogs.com/artist/1",
        "https://api.discogs.com/artists/1",
        "https://www.discogs.com/release/1-" + "a" * 467,
    ],
)
def test_what_is_no_address_of_a_record_is_none(url: str | None) -> None:
    assert parse_discogs_address(url) is None


@given(any_text)
def test_any_text_is_an_address_or_none(text: str) -> None:
    assert parse_discogs_address(text) is None
