"""A reader of a published file, in a process of its own: reads until its input ends, and tells what it saw.

python -m tests.reading_child PATH keep|reopen

Every name in the file ends with the number of its generation. Each look reads all three tables in one transaction. The
last line on standard output is `<looks> <generations seen, in order>`; anything odd is an exception.
"""

import select
import sqlite3
import sys
from contextlib import closing


def look(connection: sqlite3.Connection) -> int:
    """The generation of everything in the file."""
    connection.execute("BEGIN")
    names = [
        name
        for query in ("SELECT name FROM artists", "SELECT title FROM albums", "SELECT title FROM songs")
        for (name,) in connection.execute(query)
    ]
    connection.execute("COMMIT")
    generations = {int(name.rpartition(" ")[2]) for name in names}
    if len(generations) != 1:
        raise AssertionError(f"a mix of generations {sorted(generations)}")
    return generations.pop()


def main(path: str, habit: str) -> None:
    seen: list[int] = []
    looks = 0
    kept = sqlite3.connect(path, isolation_level=None)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    with closing(kept):
        is_last = False
        while not is_last:
            is_last = bool(select.select([sys.stdin], [], [], 0)[0])  # and one look more
            if habit == "keep":
                generation = look(kept)
            else:
                with closing(sqlite3.connect(path, isolation_level=None)) as fresh:
                    generation = look(fresh)
            looks += 1
            if not seen or seen[-1] != generation:
                seen.append(generation)
    sys.stdout.write(f"{looks} {' '.join(map(str, seen))}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
