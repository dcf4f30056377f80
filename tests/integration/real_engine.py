"""This module gives tests the real engine: the JVM is started once for the whole run, and never stopped."""

import os
from functools import cache
from pathlib import Path

from biometrics.engine import SourceAfis, start_jvm
from deploy.local.artifacts import Bundle
from deploy.local.downloads import Downloads
from deploy.local.home import cache_folder
from deploy.local.progress import Silence

DATA = Path(os.environ.get("ISTHMUS_DATA") or os.devnull) / "fingerprints"


@cache
def real_engine() -> SourceAfis:
    named = os.environ.get("ISTHMUS_JARS")
    start_jvm(Path(named) if named else Downloads(cache_folder(), Silence()).jars(Bundle.SOURCEAFIS), 768)
    return SourceAfis()


def real_prints(folder: str, pattern: str = "*") -> list[Path]:
    """List files of the real data; empty where there are none, and then the test says that it is skipped."""
    return sorted((DATA / folder).glob(pattern))
