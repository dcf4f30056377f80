"""This module says where a stack keeps its files, and under which account its servers run."""

import hashlib
import os
import pwd
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

CHECKOUT = Path(__file__).resolve().parents[2]

# Elasticsearch and PostgreSQL refuse to run as root.
UNPRIVILEGED = "nobody"


@dataclass(frozen=True, slots=True)
class Account:
    """The account that servers run under when the stack is started by root."""

    user: int
    group: int

    def own(self, *paths: Path) -> None:
        """Give files and folders to the account."""
        for path in paths:
            os.chown(path, self.user, self.group)


class Switch(TypedDict, total=False):
    """What `subprocess` takes to run a program under another account."""

    user: int
    group: int
    extra_groups: list[int]


def switched(account: Account | None) -> Switch:
    """Say to `subprocess` under which account to run a program."""
    return {} if account is None else {"user": account.user, "group": account.group, "extra_groups": []}


def unprivileged_account() -> Account | None:
    """Say under which other account servers must run; `None` means under our own."""
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam(UNPRIVILEGED)
    return Account(entry.pw_uid, entry.pw_gid)


def cache_folder() -> Path:
    """Say where downloads are kept: shared by all checkouts, and reachable for the servers' account."""
    if os.geteuid() == 0:
        return Path("/var/cache/isthmus")
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "isthmus"


def stack_folder(stack: str, checkout: Path = CHECKOUT) -> Path:
    """Say where the data of a stack are kept.

    Two checkouts, or the tests beside a demo, must never meet. As root the folder is outside the checkout: the
    servers' account often cannot reach root's own folders.
    """
    if os.geteuid() != 0:
        return checkout / "var" / stack
    mark = hashlib.sha256(str(checkout).encode()).hexdigest()[:10]
    return Path("/var/lib/isthmus") / f"{mark}-{stack}"


def known_stacks(checkout: Path = CHECKOUT) -> list[str]:
    """List the stacks of a checkout that were started at least once."""
    pattern = stack_folder("*", checkout)
    prefix = pattern.name.removesuffix("*")
    folders = [folder for folder in pattern.parent.glob(pattern.name) if Home(folder).addresses.exists()]
    return sorted(folder.name.removeprefix(prefix) for folder in folders)


@dataclass(frozen=True, slots=True)
class Home:
    """The folders and files of one stack."""

    root: Path

    @property
    def secrets(self) -> Path:
        """Passwords and keys, readable by their owner alone."""
        return self.root / "secrets"

    @property
    def logs(self) -> Path:
        """One log file for each server and service."""
        return self.root / "logs"

    @property
    def agencies(self) -> Path:
        """The reference agencies' file databases and file drops."""
        return self.root / "agencies"

    @property
    def addresses(self) -> Path:
        """The ports chosen at the first start."""
        return self.root / "stack.json"

    @property
    def agreements(self) -> Path:
        """Which system may publish what, and why; the router reads it."""
        return self.root / "agreements.json"

    @property
    def jwks(self) -> Path:
        """The public keys that tokens are verified with."""
        return self.root / "jwks.json"

    def state(self, service: str) -> Path:
        """Name the folder that one service may write."""
        return self.root / "state" / service

    def make(self) -> None:
        """Make the folders. Others may pass through the root, as the servers' account must, and see nothing."""
        self.root.mkdir(parents=True, exist_ok=True)
        self.root.chmod(0o711)
        for folder in (self.secrets, self.logs, self.agencies, self.root / "state"):
            folder.mkdir(exist_ok=True)
            folder.chmod(0o700)
