"""The example in the documentation is a whole adapter, and passes the conformance kit as it stands there."""

import json
import re
import tempfile
from pathlib import Path

from adapters.conformance.sql import SqlConformance
from adapters.file_source import FileRow
from adapters.registry import find
from adapters.trial import trials

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
            "passport": "X 1000-009",
            "removed": None,
        }

    def test_a_number_with_blanks_and_signs_is_brought_to_its_form(self, tmp_path):
        rows = [
            FileRow({**self.row(number), "passport": written}) for number, written in enumerate(["X 1000-009", " "])
        ]
        made = [json.loads(trial.after) for trial in trials(self.adapter, self.adapter.stream(self.stream), rows)]
        assert [document["number"] for document in made[0]["documents"]] == ["X1000009"]
        assert not made[1]["documents"]
