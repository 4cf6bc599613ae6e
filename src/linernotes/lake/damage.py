"""Files of bronze and of the lake that are lost or damaged: told apart from a wrong question, with what to do."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import duckdb

from linernotes.errors import FatalError


@contextlib.contextmanager
def damage_told(*, lake: Path, bronze: Path | None = None) -> Iterator[None]:
    """Turn what DuckDB says of a file in these folders into one clear line; other errors go on as they are.

    Raises:
        FatalError: A file is lost, damaged or cannot be read.
    """
    try:
        yield
    except duckdb.Error as error:
        text = str(error).splitlines()[0]
        if bronze is not None and str(bronze) in text:
            raise FatalError(
                f"bronze is damaged ({text}); `liner pull` of that month with --reprocess makes its files again"
            ) from error
        if str(lake) in text:
            raise FatalError(f"the lake is damaged ({text}); {make_anew(lake)}") from error
        raise


def make_anew(lake: Path) -> str:
    """What to do about a lake that cannot be read."""
    return f"move {lake} away, then `liner build` makes silver and gold again from bronze"
