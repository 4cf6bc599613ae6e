"""Asking a library: the answer that the provider would give, out of its files."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from http import HTTPStatus

from linernotes.ports.libraries import Document, Librarian
from linernotes.ports.providers import Answer, Question

_HEADERS = {"content-type": "application/json; charset=utf-8"}


class LibraryAsker:
    """Puts questions to the files of one provider."""

    def __init__(
        self,
        librarian: Librarian,
        find: Callable[[str], Sequence[Document]],
        *,
        files: Callable[[], Sequence[str]],
        now: Callable[[], datetime],
    ) -> None:
        """Say who answers.

        Args:
            librarian: Knows the files.
            find: Documents of a key, in the order of their ranks.
            files: Names and hashes of the files, kept with each answer; looked up when something is asked.
            now: Tells when an answer was received.
        """
        self._librarian = librarian
        self._find = find
        self._files = files
        self._now = now

    def ask(self, question: Question) -> Answer:
        """What the provider would answer; status 404 where it would not know.

        Raises:
            FatalError: A file is damaged.
        """
        documents = self._find(self._librarian.key(question))
        body = self._librarian.answer(documents) if documents else b""
        status = HTTPStatus.OK if documents else HTTPStatus.NOT_FOUND
        return Answer(status=status, headers=self._headers, body=body, received_at=self._now())

    @cached_property
    def _headers(self) -> Mapping[str, str]:
        return {**_HEADERS, "library": ", ".join(self._files())}


class NoWaiting:
    """Turns at what may be asked at any time."""

    def wait(self) -> None:
        """Come back at once."""


def as_list(documents: Sequence[Document]) -> bytes:
    """Documents of JSON as a body: a list of them."""
    return json.dumps([json.loads(document.text) for document in documents], ensure_ascii=False).encode()
