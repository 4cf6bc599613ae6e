"""Disks that are full or cannot be written, for one command at a time.

Where the machine allows it, in a mount namespace of its own: a small tmpfs, a read-only bind mount. Else a limit of
file sizes stands in for the full disk, and rights of the folders for the read-only one, if need be as another user.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

from tests.faults.liner import PROGRAM, Finished, Home

DISK_BYTES = 64 << 20
NOBODY = "65534"
ROOT = 0
READ_ONLY = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"'
FULL = """
disk=$1; home=$2; free=$3; shift 3
mount -t tmpfs -o size={disk_bytes} tmpfs "$disk" && cp -a "$home" "$disk/home" || exit 99
dd if=/dev/zero of="$disk/reserve" bs=1024 count="$free" 2>/dev/null
dd if=/dev/zero of="$disk/rest" bs=65536 2>/dev/null
rm "$disk/reserve"
"$@"; status=$?
cp -a "$disk/home" "$home.after" || exit 99
exit $status
"""
LIMITED = """
import resource, sys
limit = int(sys.argv.pop(1)) << 10
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
from linernotes.cli.main import main
main()
"""


@cache
def namespace() -> tuple[str, ...] | None:
    """The command that opens a mount namespace; None where the machine does not let us."""
    for command in (("unshare", "--mount"), ("unshare", "--map-root-user", "--mount")):
        probe = [*command, "sh", "-c", "mount -t tmpfs -o size=1m tmpfs /tmp"]
        if shutil.which("unshare") and subprocess.run(probe, capture_output=True, check=False).returncode == 0:
            return command
    return None


def run_read_only(home: Home, *arguments: str) -> Finished:
    """Run a command on a home that cannot be written."""
    if opened := namespace():
        return home.run(*arguments, program=(*opened, "sh", "-c", READ_ONLY, str(home.path), *PROGRAM))
    with _without_rights(home.path):
        if os.getuid() != ROOT:
            return home.run(*arguments)
        if not shutil.which("setpriv"):
            pytest.fail("root can write everything here: neither mount namespaces nor setpriv are to be had")
        become = ("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups")
        probe = subprocess.run([*become, *PROGRAM[:1], "-c", "import linernotes"], capture_output=True, check=False)
        if probe.returncode != 0:
            pytest.fail("root can write everything here, and nobody else may read this environment")
        return home.run(*arguments, program=(*become, *PROGRAM))


def run_on_full_disk(home: Home, *arguments: str, free_kib: int) -> Finished:
    """Run a command on a disk that has hardly any room left; the home is afterwards as the command left it."""
    opened = namespace()
    if opened is None:
        return home.run(*arguments, program=(sys.executable, "-c", LIMITED, str(free_kib)))
    disk, after = home.path.with_suffix(".disk"), home.path.with_name(f"{home.path.name}.after")
    disk.mkdir()
    script = FULL.format(disk_bytes=DISK_BYTES)
    program = (*opened, "sh", "-c", script, "sh", str(disk), str(home.path), str(free_kib), *PROGRAM)
    finished = Home(disk / "home").run(*arguments, program=program)
    shutil.rmtree(home.path)
    after.rename(home.path)
    return finished


@contextmanager
def _without_rights(folder: Path) -> Iterator[None]:
    """A folder and all in it that nobody may write, for the block."""
    paths = [folder, *folder.rglob("*")]
    modes = {path: path.stat().st_mode for path in paths if not path.is_symlink()}
    for path, mode in modes.items():
        path.chmod(mode & ~0o222)
    try:
        yield
    finally:
        for path, mode in modes.items():
            path.chmod(mode)
