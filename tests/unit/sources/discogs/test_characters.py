"""Characters that XML 1.0 forbids."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from linernotes.sources.discogs.characters import remove_forbidden


@pytest.mark.parametrize(
    ("given_bytes", "cleaned", "raw", "references"),
    [
        (b"a\x1fb\x07c", b"abc", 2, 0),
        (b"a&#x1F;b&#7;c&#x0007;", b"abc", 0, 3),
        (b"a\xef\xbf\xbeb\xef\xbf\xbf", b"ab", 2, 0),
        (b"&#xFFFE;&#65535;&#xD800;&#x110000;&#0;&#x;&#;", b"", 0, 7),
        (b"\t\n\r&#9;&#10;&#13;&#xD;&#228;&#x1F600;", b"\t\n\r&#9;&#10;&#13;&#xD;&#228;&#x1F600;", 0, 0),
        ("ä\x7f\x80\ufffd".encode(), "ä\x7f\x80\ufffd".encode(), 0, 0),
        (b"&#" + b"9" * 9000 + b";", b"", 0, 1),
        (b"&#x1\x07F;", b"", 1, 1),
    ],
)
def test_only_what_is_forbidden_goes_and_is_counted(
    given_bytes: bytes, cleaned: bytes, raw: int, references: int
) -> None:
    assert remove_forbidden(given_bytes) == (cleaned, raw, references)


@given(point=st.integers(0, 0x110005), is_hexadecimal=st.booleans())
def test_a_reference_is_kept_if_and_only_if_an_xml_parser_takes_it(point: int, is_hexadecimal: bool) -> None:
    reference = (f"&#x{point:x};" if is_hexadecimal else f"&#{point};").encode()
    try:
        etree.fromstring(b"<a>" + reference + b"</a>")
        is_taken = True
    except etree.XMLSyntaxError:
        is_taken = False
    assert (remove_forbidden(reference)[0] == reference) is is_taken


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_what_is_left_is_taken_by_an_xml_parser(text: str) -> None:
    cleaned, _, _ = remove_forbidden(
        text.encode().replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;")
    )
    assert etree.fromstring(b"<a>" + cleaned + b"</a>") is not None
