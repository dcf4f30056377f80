"""These tests run the conformance kit over every adapter that ships."""

import datetime as dt
import inspect
from uuid import UUID

import pytest

from adapters.agencies import alerts, asylum, blacklist, entry_exit
from adapters.conformance.file import FileConformance
from adapters.conformance.sql import SqlConformance
from adapters.examples import eu_journal

HOLDER = {"surname": "TESTOVA", "forenames": "ADA", "birth_date": "19600800", "sex": "F", "nationality": "UTO"}
SHOWN = {"doc_type": "P", "doc_no": "X0000001", "issuing_state": "UTO"}
NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize("kit", [SqlConformance, FileConformance])
def test_a_suite_that_forgot_its_rows_fails_and_is_not_passed_over(kit):
    assert not inspect.isabstract(kit)
    with pytest.raises(NotImplementedError, match="define `row`"):
        kit().row(0)


class TestTravellers(SqlConformance):
    adapter, stream = entry_exit.ADAPTER, "traveller"

    def row(self, number):
        return {"traveller_id": number + 1, **HOLDER, "deleted_at": None}


class TestDocuments(SqlConformance):
    adapter, stream = entry_exit.ADAPTER, "document"

    def row(self, number):
        expires = {"expires_on": dt.date(2030, 1, 1)}
        return {"document_id": number + 1, "traveller_id": 7, **SHOWN, **expires, **HOLDER, "deleted_at": None}


class TestCrossings(SqlConformance):
    adapter, stream = entry_exit.ADAPTER, "crossing"

    def row(self, number):
        place = {"direction": "E", "crossed_at": NOON, "border_point": "North Gate", "border_state": "UTO"}
        stay = {"stay_until": dt.date(2026, 6, 1), "deleted_at": None}
        return {"crossing_id": number + 1, "traveller_id": 7, **place, **SHOWN, **HOLDER, **stay}


class TestAlerts(SqlConformance):
    adapter, stream = alerts.ADAPTER, "alert"

    def row(self, number):
        name = {"NM1": "TESTOVA", "NM2": "ADA", "NM_ORIG": "Ада Тестова", "ALIAS": "Ada Tester;A. Testova"}
        birth = {"GEB_DAT": "00.08.1960", "GEB_ORT": "Utopia", "GESCHL": 2, "STAAT": "UTO"}
        document = {"DOK_ART": "RP", "DOK_NR": "X0000001", "DOK_STAAT": "UTO"}
        end = {"GRUND": "10", "ERF_DAT": "01.03.2026", "ABL_DAT": None, "STATUS": "A"}
        return {"ALR_NO": number + 1, **name, **birth, **document, **end}


class TestApplicants(SqlConformance):
    adapter, stream = asylum.ADAPTER, "applicant"

    def row(self, number):
        native = {"family_name": "Тестова", "given_name": "Ада", "script": "Cyrl"}
        latin = {"family_name_latin": "Testova", "given_name_latin": "Ada", "aliases": ["Ada Tester"]}
        birth = {"birth_year": 1960, "birth_month": 8, "birth_day": None, "birth_place": "Utopia"}
        document = {"document_kind": "passport", "document_number": "X 000-0001", "document_country": "UTO"}
        return {
            "id": UUID(int=number + 1),
            **native,
            **latin,
            **birth,
            "sex": "female",
            "citizenship": "UTO",
            **document,
            "lodged_at": NOON,
        }


class TestFingerprints(SqlConformance):
    adapter, stream = asylum.ADAPTER, "fingerprint"

    def row(self, number):
        finger = {"encounter": "FP-1", "position": 2, "image": b"\x89PNG", "taken_at": NOON}
        return {"id": number + 1, "applicant_id": UUID(int=7), **finger}


class TestBlacklist(FileConformance):
    adapter, stream = blacklist.ADAPTER, "document"

    def row(self, number):
        holder = {"NOM": "TESTOVÁ".replace("Á", "É"), "PRENOMS": "Ada", "NE_LE": "11/08/1960"}
        return {
            "NUMERO": f"X{number:07}",
            "TYPE": "P",
            "PAYS": "UTO",
            "MOTIF": "VOLE",
            "DEPUIS": "01/03/2026",
            **holder,
        }


class TestEuJournal(FileConformance):
    adapter, stream = eu_journal.ADAPTER, "listing"

    def row(self, number):
        act = {"celex": "30000R0001", "recordId": str(number), "annex": "I.A"}
        name = {"name": "TESTOVA Ada", "alias": "Ada Tester; Ада Тестова", "weakAlias": "", "previousName": ""}
        rest = {"nationality": "French", "birthDate": "6.3.1955 or 15.3.1955", "birthPlace": "", "gender": "female"}
        return {**act, **name, **rest, "passportNumber": "X0000001 (France)", "startDate": "1.3.2026"}
