"""How the demo is shown."""

from typing import TYPE_CHECKING

from linernotes.cli.output import show_line, show_table

if TYPE_CHECKING:
    from linernotes.bootstrap.demo import DemoOutcome

HINTS = (
    'liner --home {home} query "SELECT name, release_count FROM gold.artist_summary ORDER BY 2 DESC LIMIT 5"',
    "liner --home {home} quarantine list",
    "liner --home {home} review list",
    "sqlite3 {catalogue} \"SELECT name, entity_type FROM search WHERE search MATCH 'kraft*'\"",
)


def show_demo(outcome: "DemoOutcome", home: str) -> None:
    """Tables of what was done, what is there, and where; then what to try next."""
    show_table(["command", "seconds", "result"], [(step.command, step.seconds, step.result) for step in outcome.steps])
    show_line("")
    show_table(["in the catalogue", "count"], outcome.catalogue.items())
    show_line("")
    columns = ["source", "artist", "title", "year", "label", "catalogue number", "format", "tracks"]
    shown = [(*row[:3], str(row[3] or ""), *row[4:]) for row in outcome.releases]
    show_table(columns, shown, title="some of gold.release_summary")
    show_line("")
    show_table(["what", "where"], outcome.places.items())
    show_line("")
    show_line(f"{outcome.seconds:.0f} s. Try:")
    for hint in HINTS:
        show_line("  " + hint.format(home=home, catalogue=outcome.places["published catalogue"]))
