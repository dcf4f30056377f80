"""The search on the command line: what an officer sees first, and what is missing in plain words."""

import io

import pytest
from rich.console import Console

from deploy.cli_search import UnreadableFinger, _finger
from deploy.search_view import render
from search.answer import SearchAnswer

PERSON = {
    "score": 0.93,
    "reasons": [
        {"aspect": "name", "verdict": "close", "asked": "Ada Testowa", "held": "Ada Testova", "weight": 0.7},
    ],
    "findings": [
        {
            "kind": "active-alert",
            "severity": "stop",
            "text": "Alert of alerts: to be refused entry; refuse entry.",
            "records": ["alerts:alerts:1"],
        }
    ],
    "names": [{"value": "Ada Testova", "sources": ["entry-exit", "alerts"]}],
    "birth_dates": [{"value": "1984-05", "sources": ["entry-exit"]}],
    "birth_places": [],
    "sexes": [],
    "nationalities": [],
    "documents": [
        {
            "number": "X0000001",
            "type": "passport",
            "issuer": "UTO",
            "valid_until": None,
            "status": "stolen",
            "sources": ["blacklist"],
        }
    ],
    "records": [
        {
            "record": "entry-exit:persons:1",
            "system": "entry-exit",
            "contract": "person",
            "subject": "entry-exit:persons:1",
            "origins": ["live", "repository"],
            "score": 0.93,
            "data": {},
        }
    ],
    "subjects": ["entry-exit:persons:1"],
    "sources": ["alerts", "entry-exit"],
}


def shown(*, complete=True, persons=(PERSON,), systems=(("repository", "hit"),)):
    answer = SearchAnswer.model_validate(
        {
            "query": "6e7b1f8e-52b4-5c0f-9d0c-8f0f3a1b7c11",
            "flow": "f",
            "complete": complete,
            "elapsed_ms": 12.0,
            "systems": [
                {"system": name, "status": status, "elapsed_ms": 5.0, "hits": 0, "truncated": False}
                for name, status in systems
            ],
            "persons": list(persons),
        }
    )
    out = io.StringIO()
    for part in render(answer):
        Console(file=out, width=100).print(part)
    return out.getvalue()


def test_what_must_be_seen_stands_above_who_it_is():
    text = shown()
    assert text.index("STOP") < text.index("names")
    assert "to be refused entry" in text


def test_each_datum_names_its_sources():
    text = shown()
    assert "Ada Testova  entry-exit, alerts" in text
    assert "X0000001 UTO stolen  blacklist" in text


def test_what_is_missing_is_said_in_plain_words():
    systems = (("repository", "hit"), ("asylum", "timed_out"), ("alerts", "unavailable"))
    text = shown(complete=False, systems=systems)
    assert "asylum did not answer in time; alerts could not be asked" in text


def test_a_complete_answer_says_nothing_of_missing():
    assert "not complete" not in shown()


def test_nobody_found_is_said():
    assert "Nobody" in shown(persons=())


def test_a_finger_whose_kind_cannot_be_told_is_refused(tmp_path):
    with pytest.raises(UnreadableFinger):
        _finger(tmp_path / "finger.txt", 500)
    with pytest.raises(UnreadableFinger):
        _finger(tmp_path / "absent.png", 500)
