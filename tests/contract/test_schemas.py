"""The published schemas: snapshots, the gate that guards them, and a golden example of every version."""

import copy
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from contracts.base import read
from contracts.compatibility import Direction, breaks
from contracts.snapshots import FOLDER, gate, read_schema, released, snapshot
from contracts.topics import CONTRACTS

EXAMPLES = Path(__file__).parents[2] / "contracts" / "examples"
VERSIONS = [(contract, major) for contract, majors in CONTRACTS.items() for major in majors]
PERSON = read_schema(next(release for release in released() if release.contract == "person"))


def test_the_gate_passes_on_what_is_committed():
    assert list(gate()) == []


@pytest.mark.parametrize(("contract", "major"), VERSIONS)
def test_every_version_has_a_golden_example_that_reads_and_writes_back(contract, major):
    data = (EXAMPLES / f"{contract}.v{major}.json").read_bytes()
    value = read(CONTRACTS[contract][major], data).value
    assert CONTRACTS[contract][major].model_validate_json(value.model_dump_json()) == value


@pytest.mark.parametrize(("contract", "major"), VERSIONS)
def test_an_unknown_field_is_forbidden_to_writers_and_tolerated_and_counted_by_readers(contract, major):
    model = CONTRACTS[contract][major]
    data = json.loads((EXAMPLES / f"{contract}.v{major}.json").read_bytes()) | {"from_the_future": 1}
    with pytest.raises(ValidationError):
        model.model_validate_json(json.dumps(data))
    assert read(model, json.dumps(data).encode()).unknown_fields == 1


def grown(value):
    """Add a field to every object, however deep."""
    match value:
        case dict():
            return {key: grown(part) for key, part in value.items()} | {"from_the_future": 1}
        case list():
            return [grown(part) for part in value]
    return value


@pytest.mark.parametrize(("contract", "major"), VERSIONS)
def test_unknown_fields_in_every_part_of_a_payload_are_tolerated_and_counted(contract, major):
    data = (EXAMPLES / f"{contract}.v{major}.json").read_text(encoding="utf-8")
    later = json.dumps(grown(json.loads(data)))
    found = read(CONTRACTS[contract][major], later.encode())
    assert found.value == CONTRACTS[contract][major].model_validate_json(data)
    assert found.unknown_fields == later.count("from_the_future")


def changed(edit) -> dict:
    schema = copy.deepcopy(PERSON)
    edit(schema)
    return schema


def test_a_new_optional_field_breaks_nobody():
    assert breaks(PERSON, changed(lambda s: s["properties"].update(note={"type": "string"}))) == []


@pytest.mark.parametrize(
    ("edit", "field", "direction"),
    [
        (lambda s: s["properties"].pop("category"), "payload.category", Direction.FORWARD),
        (lambda s: s["required"].append("category"), "payload.category", Direction.BACKWARD),
        (lambda s: s["required"].remove("identity"), "payload.identity", Direction.FORWARD),
        (lambda s: s["$defs"]["Sex"]["enum"].append("Z"), "payload.identity.sex.enum", Direction.FORWARD),
        (lambda s: s["$defs"]["Sex"]["enum"].remove("X"), "payload.identity.sex.enum", Direction.BACKWARD),
        (
            lambda s: s["$defs"]["IdentityData"]["properties"]["names"].update(maxItems=5),
            "payload.identity.names",
            Direction.BACKWARD,
        ),
        (
            lambda s: s["$defs"]["IdentityData"]["properties"]["names"].pop("maxItems"),
            "payload.identity.names",
            Direction.FORWARD,
        ),
        (lambda s: s["properties"]["system"].update(pattern="^x$"), "payload.system", Direction.BOTH),
        (
            lambda s: (s["properties"].update(extra={"type": "string"}), s["required"].append("extra")),
            "payload.extra",
            Direction.BACKWARD,
        ),
    ],
)
def test_everything_else_is_named_with_field_direction_and_rollout(edit, field, direction):
    found = breaks(PERSON, changed(edit))
    assert [(one.field, one.direction) for one in found] == [(field, direction)]
    assert "major" in str(found[0])


@given(st.sampled_from(released()))
def test_a_schema_is_compatible_with_itself(release):
    assert breaks(read_schema(release), read_schema(release)) == []


def test_a_released_file_is_never_written_again_and_a_change_gets_a_new_minor(tmp_path):
    for file in FOLDER.glob("*.json"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    older = json.loads((tmp_path / "erasure.v1.0.json").read_text())
    older["properties"].pop("reason")
    older["required"].remove("reason")
    (tmp_path / "erasure.v1.0.json").write_text(json.dumps(older))
    assert [line.partition(":")[0] for line in gate(tmp_path)] == ["erasure v1", "erasure.v1.0.json"]
    assert [release.file_name for release in snapshot(tmp_path)] == ["erasure.v1.1.json"]
    assert json.loads((tmp_path / "erasure.v1.0.json").read_text()) == older
