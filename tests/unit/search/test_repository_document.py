"""Repository documents: the keys of a record, and nothing where there is to be nothing."""

import json

from contracts.records import Direction
from search.document import Document, document_of, newest
from tests.unit.search.people import (
    alert,
    crossing,
    envelope,
    erasure,
    fingerprint,
    identity,
    listed,
    passport,
    person,
)


def stored(event, version=1):
    raw = event.model_dump_json(exclude_none=True).encode()
    document = document_of(envelope(event, version), version, event, raw)
    assert b"\n" not in document.source
    return json.loads(document.source)


def test_a_person_is_found_by_name_birth_and_document():
    found = stored(person(documents=(passport(),)))

    assert found["name"] == ["ada testova"]
    assert found["token"] == ["ada", "testova"]
    assert found["born"] == ["1984", "1984-05", "--05-06", "1984-*-06", "1984-05-06"]
    assert found["document"] == ["X0000001"]
    assert found["payload"]["identity"]["names"][0]["full"] == "Ada Testova"


def test_a_birth_date_known_in_part_is_not_completed():
    assert stored(person(born="1984-05"))["born"] == ["1984", "1984-05", "1984-~"]


def test_a_crossing_an_alert_and_a_listed_document_are_found_too():
    assert stored(crossing(direction=Direction.EXIT))["document"] == ["X0000001"]
    assert stored(alert(documents=(passport("X0000009"),)))["document"] == ["X0000009"]
    assert "name" not in stored(listed())


def test_a_fingerprint_is_kept_without_its_templates():
    found = stored(fingerprint())
    assert found["subject"] == "asylum:applicants:1"
    assert "templates" not in found["payload"]


def test_an_erased_record_leaves_its_version_and_nothing_of_the_person():
    found = stored(erasure(person()), 7)
    assert found["erased"] is True
    assert found["version"] == 7
    assert found["contract"] == "person"
    assert set(found) == {"record", "system", "contract", "version", "event", "flow", "erased"}


def test_a_payload_on_several_lines_becomes_one():
    event = person()
    raw = event.model_dump_json(indent=2).encode()
    assert b"\n" not in document_of(envelope(event), 1, event, raw).source


def test_of_several_versions_the_highest_is_kept():
    documents = [Document("a:b:1", version, b"{}") for version in (2, 3, 1)] + [Document("a:b:2", 1, b"{}")]
    assert [(document.record, document.version) for document in newest(documents)] == [("a:b:1", 3), ("a:b:2", 1)]


def test_a_person_of_several_names_has_the_keys_of_all():
    event = person()
    more = event.model_copy(update={"identity": identity().model_copy(update={"names": (*identity().names,) * 2})})
    assert stored(more)["name"] == ["ada testova"]
