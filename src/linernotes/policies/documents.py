"""Policies as YAML documents."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

from linernotes.domain.policy import Policy, WrongPolicyError
from linernotes.errors import FatalError, WrongUsageError

DEFAULT, CLASSIC = "default", "classic"
SHIPPED = (DEFAULT, CLASSIC)
"""Policies that come with Linernotes; the first decides unless somebody chooses another."""
_MAX_BYTES = 1_000_000
_FOLDER = Path(__file__).parent
_WIDTH = 120


@cache
def shipped_policies() -> Mapping[str, Policy]:
    """The policies that come with Linernotes, by name."""
    return {name: read_policy(_FOLDER / f"{name}.yml") for name in SHIPPED}


def read_policy(path: Path) -> Policy:
    """The policy in a file.

    Raises:
        WrongUsageError: The file cannot be read, or holds something else.
    """
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise WrongUsageError(f"{path} is too large for a policy")
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except OSError as error:
        raise WrongUsageError(f"cannot read {path}: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise WrongUsageError(f"{path} is no YAML: {' '.join(str(error).split())}") from error
    try:
        return Policy.from_document(document)
    except WrongPolicyError as error:
        raise WrongUsageError(f"{path}: {error}; `liner policy export` writes one to begin with") from error


def write_policy(policy: Policy, path: Path) -> None:
    """Write a policy, for people to change.

    Raises:
        FatalError: The file cannot be written.
    """
    text = yaml.dump(
        policy.to_document(), Dumper=yaml.CSafeDumper, sort_keys=False, width=_WIDTH, default_flow_style=None
    )
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise FatalError(f"cannot write {path}: {error.strerror}") from error
