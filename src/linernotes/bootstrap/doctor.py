"""What could be wrong with a home."""

from functools import partial

from linernotes.bootstrap.core import Core
from linernotes.lake import health
from linernotes.ports.health import Check
from linernotes.usecases.doctor import examine


def check_home(core: Core) -> tuple[Check, ...]:
    """Check everything that could be wrong."""
    return examine(
        {
            "versions": health.check_versions,
            "permissions": partial(health.check_permissions, core.home.root),
            "disk": partial(health.check_disk, core.home.root),
            "extensions": lambda: health.check_extensions(core.engine),
            "ledger": partial(_check_ledger, core),
            "writer lock": partial(health.check_lock, core.lake_lock),
            "lake": lambda: health.check_lake(core.engine),
        }
    )


def _check_ledger(core: Core) -> Check:
    ledger = core.ledger
    return Check(name="ledger", is_ok=True, found=f"{ledger.place}, schema {ledger.status.read().version}")
