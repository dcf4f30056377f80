"""Records and queries of a table: what is read, what is refused, and what the answers say."""

import pytest

from contracts.dates import PartialDate
from contracts.identity import Sex
from search.evaluation.people import MOST_DATES, MOST_DOCUMENTS, MOST_NAMES, People, people_of, queries_of
from search.evaluation.retrieval import Answer, Ranked, best_of, faults_of, figures_of
from search.evaluation.tables import Row
from search.reasons import Aspect, Reason, Verdict
from search.score import Score


def no_country(_):
    raise ValueError("none")


def rows(*cells):
    return [Row(line, each) for line, each in enumerate(cells, 2)]


def query(**cells):
    (found,) = queries_of(rows(cells), no_country)
    return found


def test_rows_of_one_id_and_values_of_one_cell_make_one_person():
    people = people_of(
        rows(
            {
                "id": "7",
                "name": "Ada Testova|Ада Тестова",
                "birth_date": "1984-05-06",
                "nationality": "UTO",
                "sex": "f",
            },
            {"id": "7", "name": "Ada Testowa", "birth_date": "1984-05-00|1985", "document": "x 000-0001"},
        ),
        no_country,
    )
    (event,) = people.events
    assert people.ids == {event.record: "7"}
    assert [name.full for name in event.identity.names] == ["Ada Testova", "Ада Тестова", "Ada Testowa"]
    assert [str(date) for date in event.identity.birth_dates] == ["1984-05-06", "1984-05", "1985"]
    assert (event.identity.sex, event.identity.nationalities) == (Sex.FEMALE, ("UTO",))
    assert [document.number for document in event.documents] == ["X0000001"]


def test_what_cannot_be_read_of_a_person_is_noted_by_its_line_without_its_text_and_the_person_stays():
    people = people_of(
        rows({"id": "1", "name": "Ada", "birth_date": "1984-02-30", "nationality": "Nowhere", "sex": "woman"}),
        no_country,
    )
    assert len(people.events) == 1
    assert {fault.line for fault in people.faults} == {2}
    told = " ".join(fault.text for fault in people.faults)
    assert "no calendar holds it" in told
    assert "1984" not in told
    assert "Nowhere" not in told


@pytest.mark.parametrize(
    ("sexes", "sex"),
    [("FM", Sex.UNKNOWN), ("MF", Sex.UNKNOWN), ("XF", Sex.FEMALE), ("FX", Sex.FEMALE), ("XX", Sex.UNSPECIFIED)],
)
def test_of_a_person_of_both_sexes_none_is_known_in_whatever_order_the_rows_say_so(sexes, sex):
    people = people_of(rows(*({"id": "1", "name": "Ada", "sex": each} for each in sexes)), no_country)
    assert people.events[0].identity.sex is sex


@pytest.mark.parametrize(
    ("column", "values", "most"),
    [
        ("name", [f"Ada {number}" for number in range(MOST_NAMES + 2)], MOST_NAMES),
        ("birth_date", [str(1900 + number) for number in range(MOST_DATES + 1)], MOST_DATES),
        ("document", [f"X{number}" for number in range(MOST_DOCUMENTS + 1)], MOST_DOCUMENTS),
    ],
)
def test_what_is_more_than_a_record_may_have_is_told(column, values, most):
    people = people_of(
        rows({"id": "0", "name": "Eva"}, {"id": "1", "name": "Ada", column: "|".join(values)}), no_country
    )
    assert len(people.events) == 2
    (fault,) = people.faults
    assert (fault.line, fault.counts) == (3, True)
    assert fault.text == f"the record has more than {most} values of {column}; those behind are left out"


def test_a_person_without_id_or_name_is_left_out():
    people = people_of(rows({"id": "", "name": "Ada"}, {"id": "2", "name": " ... "}), no_country)
    assert (people.events, len(people.faults)) == ([], 3)


def test_a_country_may_be_named_as_the_given_reader_knows_it():
    people = people_of(rows({"id": "1", "name": "Ada", "nationality": "Utopia|FRA"}), lambda _: ("UTO",))
    assert people.events[0].identity.nationalities == ("UTO", "FRA")


def test_dates_and_countries_are_read_as_linkage_reads_them():
    asked = query(name="Ada", birth_date="11.8.1960", nationality="it", expected_id="")
    assert (str(asked.criteria.birth_date), asked.criteria.nationalities) == ("1960-08-11", ("ITA",))


def test_a_birth_date_that_does_not_tell_day_from_month_keeps_its_year_on_record_and_is_not_asked():
    people = people_of(rows({"id": "1", "name": "Ada", "birth_date": "11/08/1960"}), no_country)
    assert [str(date) for date in people.events[0].identity.birth_dates] == ["1960"]
    told = "a birth date does not tell the day from the month; write 1960-08-11"
    assert [fault.text for fault in people.faults] == [f"{told}; its year alone counts"]
    assert query(name="Ada", birth_date="11/08/1960", expected_id="").fault == told


def test_the_order_of_day_and_month_is_that_of_the_column_where_it_tells():
    cells = [
        {"id": ident, "name": "Ada", "birth_date": date} for ident, date in (("1", "11/08/1960"), ("2", "5/26/1984"))
    ]
    people = people_of(rows(*cells), no_country)
    assert [str(event.identity.birth_dates[0]) for event in people.events] == ["1960-11-08", "1984-05-26"]
    asked = queries_of(rows(*({**each, "expected_id": ""} for each in cells)), no_country)
    assert [str(each.criteria.birth_date) for each in asked] == ["1960-11-08", "1984-05-26"]


@pytest.mark.parametrize(
    "cells",
    [
        {"name": ""},
        {"name": "\u202e"},
        {"name": "x" * 10_000},
        {"name": "Ada", "birth_date": "1984-13-01"},
        {"name": "Ada", "birth_date": "1984|1985"},
        {"name": "Ada", "nationality": "Nowhere"},
        {"name": "Ada", "nationality": "QQQ"},
        {"name": "Ada", "document": "---"},
        {"name": "|".join(f"Ada {number}" for number in range(11))},
    ],
)
def test_a_query_that_cannot_be_asked_says_why_and_has_no_criteria(cells):
    bad = query(**cells, expected_id="1")
    assert bad.criteria is None
    assert bad.fault
    (fault,) = faults_of([bad], People())
    assert (fault.line, fault.text) == (2, f"{bad.fault}; it is not asked")


def test_a_right_person_who_is_not_on_record_is_named():
    people = people_of(rows({"id": "1", "name": "Ada"}), no_country)
    (fault,) = faults_of([query(name="Ada", expected_id="1|9"), query(name="Ada", expected_id="9")], people)
    assert fault.text == "no record has the expected_id; the query counts as not found"


def test_a_query_may_have_several_right_answers_or_none():
    assert query(name="Ada", expected_id="1|2").expected == {"1", "2"}
    asked = query(name="Ada", birth_date="1984", sex="F", document="X1", expected_id="")
    assert (asked.expected, asked.criteria.birth_date) == (frozenset(), PartialDate(1984))


def answer(found, expected="", ms=1.0, name="Ada"):
    items = tuple(Ranked(ident, Score(value)) for ident, value in found)
    return Answer(query(name=name, expected_id=expected), items, ms)


def test_recalls_count_the_first_right_person_and_alerts_all_that_would_be_shown():
    answers = [
        answer([("1", 0.9)], "1", ms=1.0),
        answer([("2", 0.9), ("1", 0.4)], "1", ms=2.0),
        answer([(str(number), 0.9) for number in range(20)], "19", ms=3.0),
        answer([], "1", ms=4.0),
        answer([("1", 0.6), ("2", 0.5), ("3", 0.1)], ms=5.0),
        answer([], ms=6.0),
    ]
    found = figures_of(answers, 0.5)
    assert (found["recall_at_1"], found["recall_at_10"], found["candidates_recall"]) == (0.25, 0.5, 0.75)
    assert (found["recall_at_threshold"], found["alerts_per_negative"]) == (0.5, 1.0)
    assert (found["positives"], found["negatives"], found["p50_ms"]) == (4, 2, 3.0)


def test_a_refused_positive_counts_as_not_found_and_a_refused_negative_as_nothing():
    refused = [Answer(query(name="", expected_id=ident), (), 0.0) for ident in ("1", "")]
    found = figures_of([*refused, answer([("1", 0.9)], "1")], 0.5)
    assert (found["recall_at_1"], found["positives"], found["negatives"], found["refused"]) == (0.5, 2, 0, 2)


def test_what_there_was_nobody_to_tell_by_is_not_told():
    found = figures_of([answer([("1", 0.9)], "1")], 0.5)
    assert (found["recall_at_1"], found["alerts_per_negative"]) == (1.0, None)
    found = figures_of([answer([("1", 0.9)])], 0.5)
    assert [found[key] for key in ("recall_at_1", "recall_at_10", "candidates_recall", "recall_at_threshold")] == [
        None
    ] * 4
    assert found["alerts_per_negative"] == 1.0
    found = figures_of([Answer(query(name="", expected_id="1"), (), 0.0)], 0.5)
    assert (found["recall_at_1"], found["p50_ms"], found["p95_ms"]) == (0.0, None, None)


def test_the_best_is_written_with_its_reasons_and_a_refusal_with_why():
    reason = Reason(Aspect.NAME, Verdict.CLOSE, "Ada", "Ado", 2.5)
    best = Answer(query(name="Ada", expected_id=""), (Ranked("7", Score(0.75, lambda: (reason,))),), 1.0)
    assert best_of(best) == ("0.750000", "7", "name close +2.50 (Ada | Ado)")
    assert best_of(Answer(query(name="", expected_id=""), (), 0.0))[2] == "neither name nor document is asked for"
