"""Review sheets: the queue as CSV for a spreadsheet, and back.

A spreadsheet runs cells that look like formulas and turns digits into numbers, so such cells are written with an
apostrophe before them, as people do by hand, and read back without it. Where a comma is for decimals, spreadsheets save
CSV with semicolons; tabs are read as well.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from linernotes.errors import FatalError, WrongUsageError
from linernotes.ports.review import Candidate, ReviewItem, Row

COLUMNS = (
    "item", "version", "entity_type", "downstream", "name", "detail", "candidate", "candidate_name",
    "candidate_detail", "basis", "score", "judgement", "chosen", "note",
)  # fmt: skip
_NEEDED = ("item", "version", "candidate", "judgement", "chosen", "note")
_RUN = re.compile(r"[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n']")
"""What a cell begins with that is run, in full width too, or is an apostrophe of its own."""
_DELIMITERS = ",;\t"
_NUMBER = re.compile(r"[\d\s.,:/eE+-]*\d[\d\s.,:/eE+-]*")
"""What a spreadsheet takes for a number, a date or a time."""


class CsvReviewSheets:
    """Review sheets as CSV in UTF-8 with a byte order mark, by which spreadsheets know it."""

    def write(self, path: Path, items: Iterable[ReviewItem]) -> int:
        """Write items as a sheet, a line for each candidate, and answer how many lines.

        Raises:
            WrongUsageError: There is a file that is no sheet, or a sheet with judgements.
            FatalError: It cannot be written.
        """
        if path.exists() and (answered := self.read(path)):
            raise WrongUsageError(
                f"{path} holds {len(answered):,} judgements; `liner review import` it, or name another file"
            )
        lines = [_line(item, candidate) for item in items for candidate in item.candidates]
        try:
            with path.open("w", encoding="utf-8-sig", newline="") as file:
                sheet = csv.writer(file)
                sheet.writerow(COLUMNS)
                sheet.writerows([defuse(cell) for cell in line] for line in lines)
        except OSError as error:
            raise FatalError(f"cannot write {path}: {error.strerror}") from error
        return len(lines)

    def read(self, path: Path) -> Sequence[Row]:
        """The lines of a sheet in which somebody answered."""
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                header = file.readline()
                file.seek(0)
                sheet = csv.DictReader(file, restval="", delimiter=max(_DELIMITERS, key=header.count))
                if missing := [name for name in _NEEDED if name not in (sheet.fieldnames or ())]:
                    raise WrongUsageError(
                        f"{path.name} has no column {', '.join(missing)}; `liner review export` writes them"
                    )
                return [row for line in sheet if (row := _row(sheet.line_num, line)).answer]
        except OSError as error:
            raise WrongUsageError(f"cannot open {path}: {error.strerror}") from error
        except (csv.Error, UnicodeDecodeError) as error:
            raise FatalError(
                f"{path.name} is not CSV in UTF-8 ({error}); save it as `CSV UTF-8`, with commas, semicolons or tabs"
            ) from error


def defuse(cell: str) -> str:
    """A cell that a spreadsheet shows as it is: no formula, no number."""
    return f"'{cell}" if _RUN.match(cell) or _NUMBER.fullmatch(cell) else cell


def restore(cell: str) -> str:
    """The cell that was defused; any other as it is."""
    return cell[1:] if cell.startswith("'") and defuse(cell[1:]) == cell else cell


def _line(item: ReviewItem, candidate: Candidate) -> tuple[str, ...]:
    return (
        str(item.item_id),
        item.version,
        item.entity_type,
        str(item.downstream),
        item.name or "",
        item.detail,
        candidate.other_source_id,
        candidate.name or "",
        candidate.detail,
        candidate.basis,
        "" if candidate.score is None else f"{candidate.score:.2f}",
        "",
        "",
        "",
    )


def _row(line: int, cells: dict[str, str]) -> Row:
    item, version, candidate, answer, chosen, note = (restore(cells[name] or "") for name in _NEEDED)
    return Row(
        line=line,
        item=item.strip(),
        version=version.strip(),
        candidate=candidate.strip(),
        answer=answer.strip().lower(),
        chosen=chosen.strip(),
        note=note,
    )
