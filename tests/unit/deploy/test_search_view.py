"""The search on the command line: what an officer sees first, and what is missing in plain words."""

import io

import pytest
from rich.console import Console

from deploy.finger_service import UnreadableFinger, sample_to_send
from deploy.fingers import UnreadableFile
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


def shown(*, complete=True, persons=(PERSON,), systems=(("repository", "hit"),), elapsed_ms=5.0, width=100, **more):
    answer = SearchAnswer.model_validate(
        {
            "query": "6e7b1f8e-52b4-5c0f-9d0c-8f0f3a1b7c11",
            "flow": "f",
            "complete": complete,
            "elapsed_ms": 12.0,
            "systems": [
                {"system": name, "status": status, "elapsed_ms": elapsed_ms, "hits": 0, "truncated": False}
                for name, status in systems
            ],
            "persons": list(persons),
            **more,
        }
    )
    out = io.StringIO()
    for part in render(answer):
        Console(file=out, width=width).print(part)
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


def test_fields_of_a_zone_that_were_not_searched_with_are_named():
    assert "not searched with: birth date" in shown(left_out=("mrz.birth_date",))
    assert "not searched with" not in shown()


def test_nobody_found_is_said():
    assert "Nobody" in shown(persons=())


def test_nobody_in_half_an_answer_is_not_nobody():
    assert "Nobody that fits was found in what answered." in shown(persons=(), complete=False)
    assert "Nobody that fits was found." in shown(persons=())


@pytest.mark.parametrize(
    ("claim", "verdict", "told"),
    [
        ("name", "close", "bears a name like it (0.15)"),
        ("name", "same", "bears the name (0.15)"),
        ("document", "close", "bears the document (0.15)"),
    ],
)
def test_a_name_that_is_only_like_it_is_not_called_the_name(claim, verdict, told):
    reason = PERSON["reasons"][0] | {"verdict": verdict}
    assert told in shown(persons=[PERSON | {"score": 0.15, "claim": claim, "reasons": [reason]}])


def test_the_marks_are_explained_those_that_are_seen_and_no_others():
    text = shown(systems=(("repository", "hit"), ("asylum", "timed_out")))
    assert "● found" in text
    assert "◌ too late" in text
    assert "○" not in text
    assert "✕" not in text


@pytest.mark.parametrize(
    ("status", "told"),
    [
        ("hit", "● repository by the finger"),
        ("no_hit", "○ repository not asked"),
        ("unavailable", "✕ repository not asked"),
    ],
)
def test_a_source_that_there_was_nothing_to_ask_for_took_no_time(status, told):
    text = shown(systems=(("repository", status),), elapsed_ms=0.1)
    assert told in text
    assert " 0 ms" not in text


REFERENCE = "blacklist:document:~81731f151de33b0baf1efd936491ae3c3092558a"


@pytest.mark.parametrize("width", [60, 80])
def test_on_a_narrow_terminal_nothing_is_cut_and_no_system_parted_from_its_time(width):
    long = {**PERSON["records"][0], "record": REFERENCE, "contract": "travel-document"}
    systems = tuple((name, "hit") for name in ("repository", "entry-exit", "alerts", "asylum", "biometrics"))
    text = shown(persons=({**PERSON, "records": [long]},), systems=systems, width=width, elapsed_ms=1234)
    assert "…" not in text
    column = "".join(line[2:].split("  ")[0].strip() for line in text.splitlines() if line.startswith("│  "))
    assert REFERENCE in column
    assert all(f"● {name} 1234 ms" in text for name, _ in systems)


def test_a_finger_whose_kind_cannot_be_told_is_refused(tmp_path):
    (tmp_path / "finger.txt").write_text("Ada Testova, left index")
    with pytest.raises(UnreadableFinger):
        sample_to_send(tmp_path / "finger.txt", dpi=500)
    with pytest.raises(UnreadableFile):
        sample_to_send(tmp_path / "absent.png", dpi=500)


LINK = {
    "rule": "same document, another identity",
    "link": "yellow",
    "of": ["entry-exit:persons:1"],
    "with": ["asylum:persons:7"],
    "verdicts": {"names": "different", "documents": "same", "birth_place": "unknown"},
    "version": "2026-1",
}


def test_a_link_says_whose_records_by_which_rule_and_how_each_field_compares():
    text = " ".join(shown(persons=[PERSON | {"links": [LINK]}], width=200).split())
    assert (
        "link to be judged entry-exit:persons:1 and asylum:persons:7: same document, another identity"
        "; names ≠; documents = rules 2026-1"
    ) in text
    assert "link joined" in shown(persons=[PERSON | {"links": [LINK | {"link": "white"}]}])


@pytest.mark.parametrize("acting", ["\x1b[2J", "\x9b2J", "\x07", "\n STOP ", "\u202e"])
def test_what_a_terminal_obeys_is_shown_as_a_mark(acting):
    name = f"Ada{acting}Testova"
    reason = PERSON["reasons"][0] | {"held": name}
    text = shown(persons=[PERSON | {"names": [{"value": name, "sources": ["alerts"]}], "reasons": [reason]}])
    assert acting not in text
    assert text.count(f"Ada\ufffd{acting[1:]}Testova") == 3


def test_the_joiners_of_a_persian_name_stay():
    assert "نمونه\u200cپور" in shown(persons=[PERSON | {"names": [{"value": "نمونه\u200cپور", "sources": ["alerts"]}]}])
