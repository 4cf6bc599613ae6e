"""Publishing in a process of its own, for tests that pull its plug, bound its files or take its rights.

python -m tests.publishing_child HOME EXTENSIONS KIND STEP...
Steps: stage:1, promote, rollback, repair, retain:0, powerless, small-files.
"""

import ctypes
import os
import resource
import sys
from datetime import UTC, datetime
from pathlib import Path

from linernotes import failpoints
from linernotes.destinations.sqlite.own_file import OwnFile
from linernotes.domain.uuid7 import to_uuid7
from linernotes.errors import LinernotesError
from linernotes.ports.destinations import Destination, Scope, StageRequest
from tests.destinations import make_mirror
from tests.fakes.progress import RecordedProgress
from tests.silver_rows import KNOCKIN_BOOTS, PROFOUND_SOUNDS, STOCKHOLM, SilverLake, release

SMALL_FILE_BYTES = 65_536
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def open_destination(home: Path, extensions: Path, kind: str) -> Destination:
    """The destination of a home; snapshots 1 and 2 differ, 3 needs a repair."""
    silver = SilverLake(extensions)
    silver.save(1, STOCKHOLM)
    silver.save(2, KNOCKIN_BOOTS, PROFOUND_SOUNDS)
    silver.save(3, STOCKHOLM, release(2, "Knockin' Boots (Vol 2 Of 2)", tracks=["Dutchmaster"]))
    if kind == "own":
        return OwnFile(folder=home / "production", lake=silver.at, progress=RecordedProgress())
    return make_mirror(home, silver, str(home / "site.sqlite"))


def take(destination: Destination, step: str) -> None:
    """Do one step, such as `stage:1`."""
    verb, _, number = step.partition(":")
    if verb == "stage":
        publication_id = to_uuid7(int(number))
        destination.stage(
            StageRequest(publication_id=publication_id, snapshot_id=int(number), scope=Scope(), staged_at=NOW)
        )
    elif verb == "rollback":
        former = next(backup for backup in destination.backups() if backup.is_former)
        destination.roll_back(former, backed_up_at=NOW)
    elif verb == "promote":
        destination.promote(backed_up_at=NOW)
    elif verb == "repair":
        destination.repair(dry_run=False)
    elif verb == "retain":
        destination.retain(int(number))
    elif verb == "powerless":
        give_up_power()
    else:
        limit_files(SMALL_FILE_BYTES)


def limit_files(size_bytes: int) -> None:
    """As on a disk with little space left: no file grows beyond this size."""
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most if size_bytes < 0 else size_bytes, most))


def give_up_power() -> None:
    """Let the rights of files hold for root too: without CAP_DAC_OVERRIDE root writes only where it may.

    https://man7.org/linux/man-pages/man2/capset.2.html; everybody else has no such power.
    """
    if os.geteuid() != 0:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    sets = (ctypes.c_uint32 * 6)()  # effective, permitted, inheritable; twice 32 capabilities
    if libc.capget(header, sets):
        raise OSError(ctypes.get_errno(), "capget")
    sets[0] &= ~0b110  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
    if libc.capset(header, sets):
        raise OSError(ctypes.get_errno(), "capset")


def main(home: str, extensions: str, kind: str, *steps: str) -> int:
    """Take the steps; a step may be preceded by the failpoint to arm, as `promote.pointer.after=promote`."""
    destination = open_destination(Path(home), Path(extensions), kind)
    for step in steps:
        plan, _, verb = step.rpartition("=")
        failpoints.arm(plan)
        try:
            take(destination, verb)
        except LinernotesError as error:
            sys.stderr.write(f"{type(error).__name__}: {error}\n")
            limit_files(-1)  # whatever else writes when this process ends has space again
            return error.exit_status
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
