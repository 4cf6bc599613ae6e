"""Policies of enrichment, of a home."""

import os
import shlex
import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from linernotes.bootstrap.core import Core, login
from linernotes.errors import WrongUsageError
from linernotes.lake.calibrating import LakeCells
from linernotes.policies.documents import read_policy, write_policy
from linernotes.ports.policies import StoredPolicy
from linernotes.usecases import policies
from linernotes.usecases.calibrate import CalibratedLine, calibrate_policy


class Policies:
    """Which policy decides."""

    def __init__(self, core: Core) -> None:
        self._core = core

    @property
    def _tools(self) -> policies.PolicyTools:
        return self._core.policy_tools

    def list(self) -> Sequence[policies.PolicyLine]:
        """Every policy."""
        return policies.list_policies(self._tools)

    def find(self, named: str) -> StoredPolicy:
        """One policy."""
        return policies.find_policy(self._tools, named)

    def export(self, named: str, path: Path) -> StoredPolicy:
        """Write a policy to a file."""
        found = policies.find_policy(self._tools, named)
        assert found.policy
        write_policy(found.policy, path)
        return found

    def take(self, path: Path, *, name: str | None, dry_run: bool) -> StoredPolicy:
        """Keep the policy in a file."""
        return policies.import_policy(self._tools, read_policy(path), name=name or path.stem, dry_run=dry_run)

    def edit(self, named: str, *, name: str) -> tuple[StoredPolicy, StoredPolicy]:
        """Let a person change a policy in their editor, and keep what comes of it if it is another one.

        Raises:
            WrongUsageError: There is no editor, it fails, or what comes of it is no policy.
        """
        editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
        with TemporaryDirectory() as folder:
            path = Path(folder) / "policy.yml"
            before = self.export(named, path)
            try:
                subprocess.run([*shlex.split(editor), str(path)], check=True)  # noqa: S603 - the user's own editor
            except (OSError, subprocess.CalledProcessError, ValueError) as error:
                raise WrongUsageError(
                    f"the editor {editor!r} does not work ({error}); set EDITOR, or use liner policy export"
                ) from error
            after = self.take(path, name=name, dry_run=True)
            return before, before if after.version == before.version else self.take(path, name=name, dry_run=False)

    def diff(self, before: str, after: str) -> policies.PolicyDiff:
        """How two policies differ."""
        return policies.diff(self._tools, before, after)

    def calibrate(self, *, propose: Path | None) -> Sequence[CalibratedLine]:
        """How often each provider was right; with a path, the policy that would follow is written there."""
        active = policies.active_policy(self._tools).policy
        assert active
        found = calibrate_policy(LakeCells(engine=self._core.engine), active)
        if propose is not None:
            write_policy(found.proposed, propose)
        return found.lines

    def activate(self, named: str, *, reason: str, share: float = 1.0) -> StoredPolicy:
        """Let a policy decide, everything or a share of the entities."""
        return policies.activate(self._tools, named, by=login(), reason=reason, share=share)

    def compare(self) -> policies.PolicyComparison:
        """How the policy of a share does beside the other one."""
        return policies.compare(self._tools, LakeCells(engine=self._core.engine))
