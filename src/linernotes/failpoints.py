"""Places where a fault test may pull the plug.

Every rename, ledger commit and lake commit has a failpoint before and after it. They do nothing
until `arm` names one; then the whole process group dies with SIGKILL at the chosen passage, as in
a power cut. Only `bootstrap` arms them, from LINER_FAILPOINT.
"""

import os
import signal

_armed: dict[str, int] = {}


def arm(plan: str) -> None:
    """Arm failpoints from a plan like `bronze.rename.before:3,ledger.commit.after` (passage 1 if no number)."""
    _armed.clear()
    for item in filter(None, plan.split(",")):
        name, _, passage = item.strip().partition(":")
        _armed[name] = int(passage or 1)


def hit(name: str) -> None:
    """Pass a failpoint: return at once unless a test armed it and its passage has come."""
    if not _armed:
        return
    if name in _armed:
        _armed[name] -= 1
        if _armed[name] == 0:
            os.killpg(os.getpgid(0), signal.SIGKILL)
