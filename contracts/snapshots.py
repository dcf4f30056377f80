"""This module keeps the released JSON Schemas of all contracts and holds the models to them.

A file is `schemas/<contract>.v<major>.<minor>.json`. The newest minor is what the model says now; the gate fails when
the model and that file differ, or when the model breaks with any minor that was ever released.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from contracts.base import Contract
from contracts.compatibility import Schema, breaks
from contracts.envelope import contract_schema
from contracts.topics import CONTRACTS

FOLDER = Path(__file__).parent / "schemas"
_FILE = re.compile(r"^(?P<contract>[a-z-]+)\.v(?P<major>\d+)\.(?P<minor>\d+)\.json$")


@dataclass(frozen=True, slots=True, order=True)
class Release:
    """One released schema."""

    contract: str
    major: int
    minor: int

    @property
    def file_name(self) -> str:
        """The name of its file."""
        return f"{self.contract}.v{self.major}.{self.minor}.json"


def schema_of(contract: str, major: int, model: type[Contract]) -> Schema:
    """Give the JSON Schema (draft 2020-12) of a contract, as writers must fill it."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": contract_schema(contract, major),
        **model.model_json_schema(mode="validation"),
    }


def released(folder: Path = FOLDER) -> list[Release]:
    """List the released schemas, oldest minor first."""
    matches = (_FILE.match(path.name) for path in folder.glob("*.json"))
    return sorted(Release(match["contract"], int(match["major"]), int(match["minor"])) for match in matches if match)


def read_schema(release: Release, folder: Path = FOLDER) -> Schema:
    """Read a released schema."""
    schema: Schema = json.loads((folder / release.file_name).read_text(encoding="utf-8"))
    return schema


def gate(folder: Path = FOLDER) -> Iterator[str]:
    """Say, one line each, what keeps the contracts from being published; nothing when all is well."""
    releases = released(folder)
    for contract, majors in CONTRACTS.items():
        for major, model in majors.items():
            current = schema_of(contract, major, model)
            mine = [release for release in releases if (release.contract, release.major) == (contract, major)]
            if not mine or read_schema(mine[-1], folder) != current:
                yield f"{contract} v{major}: the model and its newest schema differ; run `isthmus contracts snapshot`"
            for release in mine:
                for found in breaks(read_schema(release, folder), current):
                    yield f"{release.file_name}: {found}"


def snapshot(folder: Path = FOLDER) -> list[Release]:
    """Write a new minor for every contract whose model says something new; give what was written.

    A file that is already there never changes: it was released.
    """
    written: list[Release] = []
    releases = released(folder)
    for contract, majors in CONTRACTS.items():
        for major, model in majors.items():
            current = schema_of(contract, major, model)
            mine = [release for release in releases if (release.contract, release.major) == (contract, major)]
            if mine and read_schema(mine[-1], folder) == current:
                continue
            release = Release(contract, major, mine[-1].minor + 1 if mine else 0)
            text = json.dumps(current, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
            (folder / release.file_name).write_text(text, encoding="utf-8")
            written.append(release)
    return written
