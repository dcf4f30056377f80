"""What is true of the data that linkage and zones are measured on, and what the figures count."""

import datetime as dt
import json
import random

import pytest

from deploy.bench.telling import Teller
from deploy.quality.linkage import f1, linkage_figures, same_number
from deploy.quality.zones import located_share, read_share, specimens_of, zones_figures
from tests.unit.search.linkage.people import invented, record, slipped
from tests.unit.search.mrz.specimens import TD1, TD3, damaged

TODAY = dt.date(2026, 11, 22)


def test_records_are_of_one_person_whose_identifiers_have_one_number():
    names = ["rec-7-org", "rec-7-dup-1", "rec-7-dup-0", "rec-70-org", "rec-8-org", "other"]
    assert same_number(names) == {
        ("rec-7-dup-0", "rec-7-dup-1"),
        ("rec-7-dup-0", "rec-7-org"),
        ("rec-7-dup-1", "rec-7-org"),
    }


def test_f1_is_that_of_links_by_default():
    draw = random.Random(11)
    people = invented(draw, 200)
    twins = [{**each, "id": f"{each['id']}-twin", "family": slipped(draw, each["family"])} for each in people[:100]]
    records = [record(person) for person in [*people, *twins]]
    truth = [(person["id"], f"{person['id']}-twin") for person in people[:100]]
    assert f1(records, truth, Teller()) > 0.9
    assert f1(records, [("nobody", "else")], Teller()) == 0


def specimen(lines, kind="icao", **checks):
    return json.dumps({"lines": lines, "kind": kind, "checks": checks, "all_checks_ok": all(checks.values())})


def test_valid_specimens_have_to_be_read_and_of_the_others_exactly_the_wrong_digits_named():
    wrong = damaged(TD3, 1, 14)
    specimens = specimens_of(
        [
            specimen(TD3, number=True, birth=True),
            specimen(TD1, kind="french_national_id", birth=False),
            specimen(wrong, number=True, birth=False, composite=False),
            specimen(wrong, number=False, birth=False, composite=False),
            specimen(wrong, number=True, birth=False, composite=True),
            specimen(wrong, number=True, birth=True, composite=True),
        ]
    )
    assert read_share(specimens, TODAY) == pytest.approx(2 / 3)
    assert located_share(specimens, TODAY) == pytest.approx(1 / 3)


def test_without_the_data_it_is_said_that_nothing_is_measured(tmp_path, capsys):
    assert [*zones_figures(tmp_path, Teller()), *linkage_figures(tmp_path, Teller())] == []
    told = capsys.readouterr().err
    assert [name in told for name in ("mrz_read", "mrz_faults_located", "febrl4_f1", "uganda_f1")] == [True] * 4
