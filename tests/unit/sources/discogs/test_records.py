"""Where records begin and end."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linernotes.errors import FatalError
from linernotes.sources.discogs import records
from linernotes.sources.discogs.errors import (
    CorruptDumpError,
    DeclarationRefusedError,
    HtmlPageError,
    RecordTooLargeError,
    TruncatedDumpError,
    WrongRootError,
)
from linernotes.sources.discogs.records import RecordSplitter
from linernotes.sources.discogs.tables import ENTITIES

ONE = b'<release id="1"><title>One</title></release>'
TWO = b'<release id="2"><title>Two &lt;/release&gt;</title></release>'
THREE = b'<release id="3"/><title/></release>'
NESTED = b'<label><id>1</id><sublabels><label id="2">Two</label><label/></sublabels><urls><url>x</url></urls></label>'
PLAIN_LABEL = b"<label><id>2</id></label>"


def split(document: bytes, *, entity: str = "release", piece: int = 1 << 20, chunk: int = 1 << 20) -> list[bytes]:
    splitter = RecordSplitter(ENTITIES[entity], source="dump.xml.gz", chunk_bytes=chunk)
    pieces = (document[at : at + piece] for at in range(0, len(document), piece))
    return [found.data[begin:end].strip() for found in splitter.chunks(pieces) for begin, end in found.spans]


def document(*parts: bytes, root: str = "releases", between: bytes = b"\n") -> bytes:
    return between.join([f"<{root}>".encode(), *parts, f"</{root}>".encode()]) + between


@pytest.mark.parametrize("between", [b"\n", b"", b"\r\n", b"\n\n    "])
def test_records_are_found_whatever_stands_between_them(between: bytes) -> None:
    assert split(document(ONE, TWO, THREE, between=between)) == [ONE, TWO, THREE]


@given(piece=st.integers(1, 120), chunk=st.integers(1, 200))
def test_the_size_of_pieces_and_chunks_makes_no_difference(piece: int, chunk: int) -> None:
    assert split(document(ONE, TWO, THREE), piece=piece, chunk=chunk) == [ONE, TWO, THREE]


@given(piece=st.integers(1, 250), chunk=st.integers(1, 300))
def test_labels_within_a_label_do_not_end_it(piece: int, chunk: int) -> None:
    labels = document(NESTED, PLAIN_LABEL, NESTED, root="labels")
    assert split(labels, entity="label", piece=piece, chunk=chunk) == [NESTED, PLAIN_LABEL, NESTED]


def test_a_label_that_lost_its_end_tags_ends_where_the_next_begins() -> None:
    lost = b'<label><id>1</id><sublabels><label id="2">Two</label>'
    assert split(document(lost, PLAIN_LABEL, NESTED, root="labels"), entity="label") == [lost, PLAIN_LABEL, NESTED]


def test_an_end_tag_may_hold_white_space() -> None:
    spaced = ONE.replace(b"</release>", b"</release \n>")
    assert split(document(spaced, TWO)) == [spaced, TWO]


def test_a_last_record_without_end_tag_is_handed_out_as_it_is() -> None:
    lost = ONE.removesuffix(b"</release>")
    assert split(document(TWO, lost)) == [TWO, lost]


@pytest.mark.parametrize("empty", [b"<releases/>", b"<releases></releases>", b"<releases>\n</releases>\n"])
def test_a_dump_may_have_no_records(empty: bytes) -> None:
    assert split(empty) == []


@pytest.mark.parametrize(
    "before",
    [
        b"\xef\xbb\xbf",
        b"\n",
        b"<?xml version='1.0' encoding='UTF-8'?>\n",
        b"<!-- made by hand -->",
        b"<?a?><!-- b -->\n",
    ],
)
def test_a_prolog_may_precede_the_root(before: bytes) -> None:
    assert split(before + document(ONE), piece=3) == [ONE]


def test_comments_may_follow_the_root() -> None:
    assert split(document(ONE) + b"<!-- end -->\n") == [ONE]


def test_attributes_of_the_root_are_kept_for_the_report() -> None:
    splitter = RecordSplitter(ENTITIES["release"], source="dump", chunk_bytes=10)
    list(splitter.chunks([document(ONE).replace(b"<releases>", b'<releases version="2">')]))
    assert splitter.root_attributes == b'version="2"'


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", TruncatedDumpError),
        (b"<rel", TruncatedDumpError),
        (document(ONE, TWO)[:-20], TruncatedDumpError),
        (document(ONE, TWO).removesuffix(b"</releases>\n"), TruncatedDumpError),
        (document(ONE, TWO).removesuffix(b">\n"), TruncatedDumpError),
        (document(ONE) + b"more", CorruptDumpError),
        (document(ONE) + b"<artists></artists>", CorruptDumpError),
        (b"<releases/>more", CorruptDumpError),
        (document(ONE, root="artists"), WrongRootError),
        (b"x" * 70_000, WrongRootError),
        (b"<?xml version='1.0' encoding='latin-1'?>" + document(ONE), WrongRootError),
        (b"<!DOCTYPE html>\n<html></html>", HtmlPageError),
        (b"<HTML><body/></HTML>", HtmlPageError),
        (b"<!DOCTYPE releases [<!ENTITY a 'b'>]>" + document(ONE), DeclarationRefusedError),
        (b"<!DOCTYPE releases SYSTEM 'file:///etc/passwd'>" + document(ONE), DeclarationRefusedError),
        (b"<?xml version='1.0'?><!ELEMENT a ANY>" + document(ONE), DeclarationRefusedError),
    ],
)
@pytest.mark.parametrize("piece", [7, 1 << 20])
def test_a_document_that_is_no_dump_is_told_apart(content: bytes, error: type[FatalError], piece: int) -> None:
    with pytest.raises(error):
        split(content, piece=piece)


def test_a_record_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "RECORD_BYTES_LIMIT", 1000)
    large = ONE.replace(b"One", b"x" * 2000)
    with pytest.raises(RecordTooLargeError):
        split(document(ONE, large, TWO), piece=100, chunk=100)


def test_a_record_at_the_limit_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "RECORD_BYTES_LIMIT", 1000)
    almost = ONE.replace(b"One", b"x" * (1000 - len(ONE) - 30))
    found: Sequence[bytes] = split(document(TWO, almost, TWO), piece=100, chunk=100)
    assert found == [TWO, almost, TWO]
