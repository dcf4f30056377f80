"""The example in the documentation is a whole adapter, and passes the conformance kit as it stands there."""

import re
import tempfile
from pathlib import Path

from adapters.conformance.sql import SqlConformance
from adapters.registry import find

PAGE = Path(__file__).parents[3] / "docs/adapters.md"


def documented():
    example = re.search(r'```python\n("""permits\.py.*?)```', PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert example is not None
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "permits.py")
        file.write_text(example[1], encoding="utf-8")
        return find(str(file))  # as the command does


class TestHolders(SqlConformance):
    adapter, stream = documented(), "person"

    def row(self, number):
        return {
            "id": number,
            "last": "TESTOVA",
            "first": "ADA",
            "born": "19600811",
            "passport": "X0000001",
            "removed": None,
        }
