"""Answering a review sheet."""

import csv
from collections.abc import Mapping
from pathlib import Path


def fill(path: Path, answers: Mapping[str, str]) -> None:
    """Answer by name, as a person does in a spreadsheet."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        sheet = csv.DictWriter(file, lines[0].keys())
        sheet.writeheader()
        sheet.writerows({**line, "judgement": answers.get(line["name"], "")} for line in lines)
