"""Where each record of a dump begins and ends, found on bytes, whatever the line breaks."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from linernotes.sources.discogs.errors import (
    CorruptDumpError,
    DeclarationRefusedError,
    HtmlPageError,
    RecordTooLargeError,
    TruncatedDumpError,
    WrongRootError,
)
from linernotes.sources.discogs.tables import Entity

RECORD_BYTES_LIMIT = 16 << 20
"""A record larger than this is refused. The largest real ones have about 2 MB."""
_PROLOG_BYTES_LIMIT = 1 << 16
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_ASIDE = re.compile(rb"(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)  # white space, instructions, comments
_HTML = b"<!doctype html"
_BEFORE_HTML = frozenset(_HTML[:length] for length in range(len(_HTML)))
_ENCODING = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"'](?!utf-?8|us-ascii)([^\"']*)", re.IGNORECASE)
_START_TAG = re.compile(rb"<([^\s<>/!?]+)([^<>]*?)(/?)>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Some whole records of a dump."""

    data: bytes
    spans: list[tuple[int, int]]
    """Begin and end of each record, white space before it included; one after the other from the start of `data`."""


class RecordSplitter:
    """Cuts the XML of one dump into chunks of whole records."""

    def __init__(self, entity: Entity, *, source: str, chunk_bytes: int) -> None:
        self.root_attributes = b""
        """What stood in the root element's tag besides its name; known once reading has begun."""
        self._source = source
        self._chunk_bytes = chunk_bytes
        self._root = entity.root.encode()
        self._is_empty_root = False
        tag = entity.name.encode()
        self._end = b"</" + tag
        self._nesting = _nesting_tokens(entity)

    def chunks(self, pieces: Iterable[bytes]) -> Iterator[Chunk]:
        """Yield chunks of about `chunk_bytes`, in file order.

        Raises:
            WrongRootError: The document is no dump of this entity; HtmlPageError if it is a web page.
            DeclarationRefusedError: It declares a document type or entities.
            TruncatedDumpError: The root element is never closed.
            CorruptDumpError: Something follows the root element.
            RecordTooLargeError: A record has more than RECORD_BYTES_LIMIT bytes.
        """
        remaining = iter(pieces)
        rest = self._skip_prolog(remaining)
        parts, size = [rest], len(rest)
        for piece in remaining:
            parts.append(piece)
            size += len(piece)
            if size - len(parts[0]) < self._chunk_bytes:
                continue
            chunk, rest = self._cut(b"".join(parts))
            parts, size = [rest], len(rest)
            if chunk.spans:
                yield chunk
        chunk, rest = self._cut(b"".join(parts))
        if chunk.spans:
            yield chunk
        if last := self._close(rest):
            yield last

    def _skip_prolog(self, pieces: Iterator[bytes]) -> bytes:
        """Take pieces up to the root element's start tag, and answer what follows it."""
        head = b""
        for piece in pieces:
            head = (head + piece).removeprefix(_BYTE_ORDER_MARK)
            aside = _ASIDE.match(head)
            begin = aside.end() if aside else 0
            if tag := _START_TAG.match(head, begin):
                self._check_root(head[:begin], tag)
                return head[tag.end() :]
            self._refuse_declaration(head[begin:])
            if len(head) > _PROLOG_BYTES_LIMIT:
                break
        if len(head) <= _PROLOG_BYTES_LIMIT:
            raise TruncatedDumpError(f"{self._source} ends before its root element begins; download it again")
        raise WrongRootError(f"{self._source} does not begin with <{self._root.decode()}>; is it another file?")

    def _check_root(self, before: bytes, tag: re.Match[bytes]) -> None:
        if tag[1].lower() == b"html":
            raise HtmlPageError(f"{self._source} holds a web page; look at the address, then download it again")
        if tag[1] != self._root:
            name = tag[1][:40].decode(errors="replace")
            raise WrongRootError(f"{self._source} holds <{name}>, not <{self._root.decode()}>; is it another file?")
        if other := _ENCODING.search(before):
            encoding = other[1][:40].decode(errors="replace")
            raise WrongRootError(f"{self._source} says it is in {encoding}; only UTF-8 is read")
        self.root_attributes = tag[2].strip()
        self._is_empty_root = bool(tag[3])

    def _refuse_declaration(self, head: bytes) -> None:
        begin = head[: len(_HTML)].lower()
        if not head.startswith(b"<!") or head.startswith(b"<!--"[: len(head)]) or begin in _BEFORE_HTML:
            return
        if begin == _HTML:
            raise HtmlPageError(f"{self._source} holds a web page; look at the address, then download it again")
        raise DeclarationRefusedError(
            f"{self._source} declares a document type or entities, which no dump does; refused"
        )

    def _cut(self, data: bytes) -> tuple[Chunk, bytes]:
        """The whole records of `data`, and what is left."""
        ends = self._ends(data) if self._nesting is None else _nesting_ends(data, self._nesting)
        stop = ends[-1] if ends else 0
        spans = list(pairwise([0, *ends]))
        if len(data) > RECORD_BYTES_LIMIT:
            self._check_size(max([len(data) - stop, *(end - begin for begin, end in spans)]))
        return Chunk(data=data, spans=spans), data[stop:]

    def _check_size(self, size_bytes: int) -> None:
        if size_bytes > RECORD_BYTES_LIMIT:
            raise RecordTooLargeError(
                f"{self._source} has a record of more than {RECORD_BYTES_LIMIT:,} bytes; its end tag may be lost"
            )

    def _ends(self, data: bytes) -> list[int]:
        """Where each record ends; `</release >` is an end tag too, `</releases>` is not."""
        ends = []
        length = len(self._end)
        found = data.find(self._end)
        while found >= 0:
            at = found + length
            if data[at : at + 1] == b">":
                ends.append(at + 1)
            elif (close := data.find(b">", at)) >= 0 and data[at:close].isspace():
                ends.append(close + 1)
            found = data.find(self._end, at)
        return ends

    def _close(self, rest: bytes) -> Chunk | None:
        """Check how the document ends; what stands before that without an end tag of its own is one more record."""
        if self._is_empty_root:
            before, after = b"", rest
        else:
            before, tag, after = rest.rpartition(b"</" + self._root)
            if not tag or not after.lstrip().startswith(b">"):
                raise TruncatedDumpError(f"{self._source} ends before </{self._root.decode()}>; download it again")
            after = after.lstrip()[1:]
        if not _ASIDE.fullmatch(after):
            raise CorruptDumpError(f"{self._source} goes on after </{self._root.decode()}>; download it again")
        if not before.strip():
            return None
        return Chunk(data=before, spans=[(0, len(before))])


def _nesting_tokens(entity: Entity) -> re.Pattern[bytes] | None:
    """What to look at where records hold elements of their own tag, as labels hold sublabels; else None."""
    tag = entity.record.tag
    for child in entity.record.children:
        if any(row.tag == tag for row in child.children):
            pattern = rf"(?P<end></{tag}\s*>)|(?P<open><{child.tag}\s*>)|(?P<close></{child.tag}\s*>)|<{tag}>\s*<(?!/)"
            return re.compile(pattern.encode())
    return None


def _nesting_ends(data: bytes, tokens: re.Pattern[bytes]) -> list[int]:
    """Where each record ends, not counting what is nested; a record that lost its closing tags ends at the next one."""
    ends: list[int] = []
    is_inside = False
    for token in tokens.finditer(data):
        if token.lastgroup == "open":
            is_inside = True
        elif token.lastgroup == "close":
            is_inside = False
        elif token.lastgroup is None:
            if is_inside:
                ends.append(token.start())
            is_inside = False
        elif not is_inside:
            ends.append(token.end())
    return ends
