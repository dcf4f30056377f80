"""The search over HTTP: who may ask what, and what is answered."""

import datetime as dt

import pytest

from contracts.audit import AuditAction, AuditOutcome
from contracts.records import FingerPosition
from search.fingers import FingerMatch, FingerRefused
from search.handler import MAX_PERSONS
from tests.unit.search.desk import Desk, bearer
from tests.unit.search.mrz.specimens import TD3, damaged
from tests.unit.search.people import NOW, TODAY, alert, crossing, fingerprint, identity, listed, passport, person
from tests.unit.search.sources import FakeBiometrics, FakeLive

KOSOVAR = ["P<RKSTESTOVA<<ADA".ljust(44, "<"), "P1234567<1RKS8405069F3001019<<<<<<<<<<<<<<<6"]


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path, found=[person(documents=(passport(),))], linked=[listed()])


async def test_a_person_is_answered_with_scores_reasons_sources_and_findings(desk):
    answer = (await desk.ask(name="Ada Testova", birth_date="1984-05-06")).json()

    assert answer["complete"] is True
    assert [(each["system"], each["status"]) for each in answer["systems"]] == [
        ("repository", "hit"),
        ("entry-exit", "no_hit"),
    ]
    (found,) = answer["persons"]
    assert found["score"] > 0.9
    assert {reason["aspect"] for reason in found["reasons"]} == {"name", "birth-date"}
    assert found["names"] == [{"value": "Ada Testova", "sources": ["entry-exit"]}]
    assert [finding["kind"] for finding in found["findings"]] == ["document-not-to-be-relied-on"]
    (document,) = found["documents"]
    assert (document["status"], document["sources"]) == ("stolen", ["entry-exit", "blacklist"])
    assert {record["record"] for record in found["records"]} == {"entry-exit:persons:1", "blacklist:documents:1"}


async def test_a_search_without_a_purpose_is_refused(desk):
    answer = await desk.ask(purpose=None, name="Ada Testova")
    assert answer.status_code == 422
    assert [fault["field"] for fault in answer.json()["faults"]] == ["purpose"]
    (denied,) = desk.audit.entries
    assert (denied.action, denied.actor, denied.flow) == (AuditAction.DENIED, "guard-1", answer.json()["flow"])
    assert denied.detail == "invalid-request purpose POST /v1/search"


@pytest.mark.parametrize(
    ("headers", "status"), [({}, 401), ({"Authorization": "Bearer x"}, 401), (bearer(scopes=("audit:read",)), 403)]
)
async def test_without_the_right_token_nothing_is_answered(desk, headers, status):
    assert (await desk.ask(headers, name="Ada Testova")).status_code == status
    assert [entry.action for entry in desk.audit.entries] == [AuditAction.DENIED]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "body"),
        ({"birth_date": "1984"}, "body"),
        ({"mrz": damaged(TD3, 1, 14)}, "mrz.birth_date"),
        ({"mrz": ["P<UTO", "X"]}, "mrz"),
        ({"name": "Ada", "birth_date": "06.05.1984"}, "birth_date"),
        ({"name": "Ada", "birth_date": "1984-02-30"}, "birth_date"),
        ({"document": {"number": "---"}}, "document"),
        ({"name": "Ada", "nationality": "Utopia"}, "nationality"),
        ({"name": "Ada", "nationality": "QQQ"}, "nationality"),
        ({"document": {"number": "X1", "issuer": "QQQ"}}, "document.issuer"),
        ({"name": ""}, "name"),
        ({"name": "\u202e\u200f"}, "name"),
        ({"name": "..."}, "name"),
        ({"name": "x" * 301}, "name"),
        ({"name": "Ada", "names": ["Ada"] * 10, "family": "Testova", "mrz": TD3}, "names"),
        ({"name": "Ada", "ERIKSSON": 39}, "body"),
        ({"document": {"number": "X1", "ERIKSSON": 39}}, "document"),
        ({"finger": {"data": ""}}, "finger.data"),
    ],
)
async def test_a_wrong_field_is_named_and_no_value_is_echoed(desk, body, field):
    answer = await desk.ask(**body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert field in [fault["field"] for fault in answer.json()["faults"]]
    for value in ("06.05.1984", "Utopia", "xxx", "ERIKSSON", "L898902C3"):
        assert value not in answer.text


async def test_a_misread_zone_is_refused_with_what_may_be_meant_and_nothing_that_was_read(desk):
    misread = [TD3[0], TD3[1].replace("740812", "74O8IZ").replace("120415", "1204I5")]
    answer = await desk.ask(mrz=misread)
    assert answer.status_code == 422
    assert answer.json()["code"] == "mrz-check-digit"
    assert "it may have 0 at line 2, column 16 and 1 at line 2, column 18 and" in answer.json()["detail"]
    assert [fault for fault in answer.json()["faults"] if fault["fault"] == "mrz-proposed"] == [
        {"field": "mrz.birth_date", "fault": "mrz-proposed", "line": 2, "column": 16, "proposed": "0"},
        {"field": "mrz.birth_date", "fault": "mrz-proposed", "line": 2, "column": 18, "proposed": "1"},
        {"field": "mrz.birth_date", "fault": "mrz-proposed", "line": 2, "column": 19, "proposed": "2"},
        {"field": "mrz.expiry_date", "fault": "mrz-proposed", "line": 2, "column": 26, "proposed": "1"},
    ]
    told = answer.text.replace(answer.json()["flow"], "")  # a flow's digits are its own
    assert not [value for value in ("ERIKSSON", "L898902C3", "O8", "408") if value in told]


async def test_of_several_corrections_each_is_told_as_possible_and_none_as_proposed(desk):
    misread = [TD3[0], TD3[1].replace("L898902C3", "L898902O3")]
    told = (await desk.ask(mrz=misread)).json()["faults"]
    assert {"field": "mrz.document_number", "fault": "mrz-check-digit", "line": 2, "column": 10} in told
    assert {fault["fault"] for fault in told if "proposed" in fault} == {"mrz-possible"}


async def test_a_zone_in_doubt_is_searched_by_what_is_certain_where_that_is_asked_for(tmp_path):
    desk = Desk(
        tmp_path, found=[person(full="Anna Maria Eriksson", born="1974-08-12", documents=(passport("L898902C3"),))]
    )
    misread = damaged(TD3, 1, 14)
    answer = (await desk.ask(mrz=misread, mrz_in_doubt="leave-out")).json()
    assert answer["left_out"] == ["mrz.birth_date"]
    (found,) = answer["persons"]
    assert "birth-date" not in {reason["aspect"] for reason in found["reasons"]}
    assert (await desk.ask(mrz=TD3, mrz_in_doubt="leave-out")).json()["left_out"] == []
    assert (await desk.ask(mrz=misread)).status_code == 422


async def test_a_zone_of_which_nothing_is_certain_is_refused_however_it_is_asked(desk):
    answer = await desk.ask(mrz=["P<UTO", "X"], mrz_in_doubt="leave-out")
    assert (answer.status_code, answer.json()["code"]) == (422, "mrz-rejected")


@pytest.mark.parametrize("code", ["UTO", "FRA", "XXA", "XKX", "RKS", "GBD", "SUN", "ROM"])
async def test_a_code_that_some_document_bears_is_asked_for(desk, code):
    assert (await desk.ask(name="Ada Testova", nationality=code)).status_code == 200


async def test_a_zone_of_a_stolen_passport_stops_whichever_code_the_list_writes_of_its_issuer(tmp_path):
    stolen = listed(number="P1234567", issuer="XKX")
    desk = Desk(tmp_path, found=[stolen, person(nationality="XKX", documents=(passport("P1234567", "XKX"),))])

    (found,) = (await desk.ask(mrz=KOSOVAR)).json()["persons"]

    assert "document-not-to-be-relied-on" in {finding["kind"] for finding in found["findings"]}
    assert "different" not in {reason["verdict"] for reason in found["reasons"]}
    assert [(document["number"], document["status"]) for document in found["documents"]] == [("P1234567", "stolen")]


@pytest.mark.parametrize(("issuer", "severity"), [("UTO", "stop"), (None, "stop"), ("FRA", "check")])
async def test_a_stolen_document_is_told_though_another_issuer_was_given_and_a_person_has_to_judge(
    tmp_path, issuer, severity
):
    desk = Desk(tmp_path, found=[listed()])
    answer = (await desk.ask(document={"number": "X0000001", "issuer": issuer})).json()
    ((finding,),) = [person["findings"] for person in answer["persons"]]
    assert (finding["kind"], finding["severity"]) == ("document-not-to-be-relied-on", severity)
    assert ("another issued" in finding["text"]) is (issuer == "FRA")


async def test_who_fits_by_name_is_no_other_for_an_issuer_that_was_mistyped(tmp_path):
    bearer = person(documents=(passport(),))
    desk = Desk(tmp_path, found=[bearer], linked=[listed()])
    answer = await desk.ask(
        name="Ada Testova", birth_date="1984-05-06", document={"number": "X0000001", "issuer": "FRA"}
    )
    (found,) = answer.json()["persons"]
    assert [finding["severity"] for finding in found["findings"]] == ["stop"]
    assert {reason["verdict"] for reason in found["reasons"] if reason["aspect"] == "document"} == {"different"}


async def test_a_machine_readable_zone_is_searched_with(tmp_path):
    holder = person(full="Anna Maria Eriksson", born="1974-08-12", documents=(passport("L898902C3"),))
    desk = Desk(tmp_path, found=[holder])
    (found,) = (await desk.ask(mrz=TD3)).json()["persons"]
    assert {reason["aspect"] for reason in found["reasons"]} >= {"document", "name", "birth-date", "sex"}
    assert found["score"] == 1.0


async def test_a_document_number_may_be_written_with_separators(desk):
    assert (await desk.ask(document={"number": "x 000-0001", "issuer": "UTO"})).json()["persons"]


async def test_a_blank_finger_is_a_problem_of_the_request(tmp_path):
    refused = FingerRefused("The image shows no finger; take it again.", code="blank-image", field="finger")
    desk = Desk(tmp_path, biometrics=FakeBiometrics(failure=refused))
    answer = await desk.ask(bearer(scopes=("search", "biometrics:identify")), finger={"data": "aW1hZ2U="})
    assert answer.status_code == 422
    assert answer.json()["code"] == "blank-image"
    (entry,) = desk.audit.entries
    assert (entry.action, entry.outcome, entry.actor) == (AuditAction.SEARCHED, AuditOutcome.REFUSED, "guard-1")
    assert (entry.detail, entry.purpose) == ("blank-image finger", "border-check")


async def test_a_finger_needs_the_scope_to_identify(tmp_path):
    desk = Desk(tmp_path, biometrics=FakeBiometrics())
    assert (await desk.ask(finger={"data": "aW1hZ2U="})).status_code == 403
    told = [(entry.action, entry.outcome, entry.purpose) for entry in desk.audit.entries]
    assert told == [
        (AuditAction.SEARCHED, AuditOutcome.REFUSED, "border-check"),  # what the search came to, and what it was for
        (AuditAction.DENIED, AuditOutcome.REFUSED, None),  # that somebody wanted more than their token grants
    ]
    allowed = bearer(scopes=("search", "biometrics:identify"))
    assert (await desk.ask(allowed, finger={"data": "aW1hZ2U="})).status_code == 200


@pytest.mark.parametrize(
    ("place", "complete", "told"),
    [(1, True, ["finger-not-on-record"]), (7, True, []), (1, False, [])],
    ids=["the finger on record", "another finger", "a gallery that lacks fingers"],
)
async def test_a_finger_is_told_to_contradict_the_record_of_that_finger_alone(tmp_path, place, complete, told):
    holder = person("1", system="asylum", documents=(passport(),))
    enrolled = fingerprint(subject=holder.subject).model_copy(update={"position": FingerPosition.RIGHT_THUMB})
    biometrics = FakeBiometrics()
    biometrics.complete = complete
    desk = Desk(tmp_path, found=[holder], linked=[enrolled], biometrics=biometrics)
    allowed = bearer(scopes=("search", "biometrics:identify"))
    answer = await desk.ask(allowed, name="Ada Testova", finger={"data": "aW1hZ2U=", "finger": place})
    (shown,) = answer.json()["persons"]
    assert [finding["kind"] for finding in shown["findings"]] == told
    assert answer.json()["complete"] is complete


@pytest.mark.parametrize(("position", "told"), [(7, []), (1, ["finger-not-on-record"])])
async def test_which_finger_a_template_is_of_counts_though_the_asker_does_not_say_it(tmp_path, position, told):
    holder = person("1", system="asylum", documents=(passport(),))
    enrolled = fingerprint(subject=holder.subject).model_copy(update={"position": FingerPosition.RIGHT_THUMB})
    biometrics = FakeBiometrics()
    biometrics.position = FingerPosition(position)
    desk = Desk(tmp_path, found=[holder], linked=[enrolled], biometrics=biometrics)
    allowed = bearer(scopes=("search", "biometrics:identify"))
    answer = await desk.ask(allowed, name="Ada Testova", finger={"format": "iso-19794-2", "data": "Rk1S"})
    (shown,) = answer.json()["persons"]
    assert [finding["kind"] for finding in shown["findings"]] == told


async def test_a_finger_of_one_who_is_named_and_has_no_room_on_the_page_accuses_nobody(tmp_path):
    crowd = [person(str(number), born="1970-01-01", documents=(passport(),)) for number in range(MAX_PERSONS)]
    crowd = [
        each.model_copy(update={"identity": identity(full=f"Ada Testova {chr(97 + at) * 3}", born=f"19{60 + at}")})
        for at, each in enumerate(crowd)
    ]
    owner = person("1", system="asylum", full="Ada Testova", born=None)
    match = FingerMatch(owner.subject, "asylum", "asylum:fingers:1", 80.0)
    desk = Desk(tmp_path, found=[*crowd, owner], biometrics=FakeBiometrics([match]))
    allowed = bearer(scopes=("search", "biometrics:identify"))
    body = {"name": "Ada Testova", "document": {"number": "X0000001"}, "finger": {"data": "aW1hZ2U="}}
    told = (await desk.ask(allowed, **body)).json()
    assert owner.subject not in {subject for each in told["persons"] for subject in each["subjects"]}
    assert "finger-of-another" not in str(told)


@pytest.mark.parametrize(
    ("live", "told"),
    [({"entry-exit": ()}, ["overstay"]), ({}, [])],
    ids=["the system of the crossings told all", "it was silent"],
)
async def test_nobody_is_accused_of_an_overstay_while_the_system_of_the_crossings_is_silent(tmp_path, live, told):
    entry = crossing("1", at=NOW - dt.timedelta(days=100), stay_until=TODAY - dt.timedelta(days=10))
    desk = Desk(tmp_path, found=[entry], live=FakeLive(live))
    (shown,) = (await desk.ask(name="Ada Testova", birth_date="1984-05-06")).json()["persons"]
    assert [finding["kind"] for finding in shown["findings"]] == told


async def test_nobody_is_accused_of_an_overstay_where_the_live_system_was_not_asked(tmp_path):
    entry = crossing("1", at=NOW - dt.timedelta(days=100), stay_until=TODAY - dt.timedelta(days=10))
    match = FingerMatch(entry.subject, "entry-exit", "entry-exit:fingers:1", 80.0)
    desk = Desk(tmp_path, linked=[entry], biometrics=FakeBiometrics([match]), live=FakeLive({"entry-exit": ()}))
    allowed = bearer(scopes=("search", "biometrics:identify"))
    (shown,) = (await desk.ask(allowed, finger={"data": "aW1hZ2U="})).json()["persons"]
    assert "overstay" not in {finding["kind"] for finding in shown["findings"]}


async def test_a_finger_that_matched_leaves_no_doubt_for_an_issuer_that_was_mistyped(tmp_path):
    wanted = alert(documents=(passport(),), about={})
    match = FingerMatch(wanted.subject, "alerts", "alerts:fingers:1", 80.0)
    desk = Desk(tmp_path, found=[wanted], linked=[wanted], biometrics=FakeBiometrics([match]))
    allowed = bearer(scopes=("search", "biometrics:identify"))
    asked = {"document": {"number": "X0000001", "issuer": "FRA"}, "finger": {"data": "aW1hZ2U="}}
    (shown,) = (await desk.ask(allowed, **asked)).json()["persons"]
    assert "stop" in {finding["severity"] for finding in shown["findings"]}


async def test_who_is_tied_to_one_who_only_bears_that_number_is_shown_and_to_be_checked(tmp_path):
    bearer_of_both = person("1", documents=(passport(issuer="FRA"), passport("ID55555", "FRA")))
    tied = alert("2", about={"full": "Pia Sidorova", "born": "1970-01-02"}, documents=(passport("ID55555", "FRA"),))
    desk = Desk(tmp_path, found=[bearer_of_both], linked=[bearer_of_both, tied])
    answer = (await desk.ask(document={"number": "X0000001", "issuer": "UTO"})).json()
    assert [each["subjects"] for each in answer["persons"]] == [[bearer_of_both.subject], [tied.subject]]
    assert {finding["severity"] for each in answer["persons"] for finding in each["findings"]} == {"check"}


@pytest.mark.parametrize("length", [101, 400])
async def test_a_user_whose_name_is_too_long_to_pass_on_is_refused(desk, length):
    assert (await desk.ask(bearer(user="u" * length), name="Ada")).status_code == 401


async def test_an_alert_of_a_live_system_is_answered_with_its_finding(tmp_path):
    desk = Desk(tmp_path, live=FakeLive({"entry-exit": ()}), found=[alert(about={})])
    (found,) = (await desk.ask(name="Ada Testova")).json()["persons"]
    assert [finding["severity"] for finding in found["findings"]] == ["stop"]


async def test_health_wants_no_token_and_tells_no_data(desk):
    answer = await desk.client.get("/health")
    assert answer.json() == {
        "status": "ready",
        "kafka": True,
        "elasticsearch": True,
        "biometrics": True,
        "audit_waiting": 0,
    }


async def test_a_joined_person_says_by_which_rule_and_what_each_field_told(tmp_path):
    desk = Desk(tmp_path, found=[person(documents=(passport(),)), alert(documents=(passport(),), about={})])
    (found,) = (await desk.ask(name="Ada Testova", birth_date="1984-05-06")).json()["persons"]
    (link,) = found["links"]
    assert {*link} == {"rule", "link", "of", "with", "verdicts", "version", "by"}
    assert (link["link"], link["rule"]) == ("white", "same document, identity not contradicted, fingers not compared")
    assert {link["of"][0], link["with"][0]} == {"entry-exit:persons:1", "alerts:alerts:1"}
    assert link["verdicts"]["names"] == link["verdicts"]["documents"] == "same"
    assert link["verdicts"]["biometrics"] == "unknown"


async def test_two_documents_of_one_number_are_shown_each_with_its_own_standing(tmp_path):
    holder = person("1", documents=(passport(), passport(issuer="FRA")))
    bare = person("2", subject=holder.subject, documents=(passport(issuer=None),))
    desk = Desk(tmp_path, found=[holder, bare], linked=[listed(issuer="FRA")])
    (shown,) = (await desk.ask(name="Ada Testova")).json()["persons"]
    told = [(document["number"], document["issuer"], document["status"]) for document in shown["documents"]]
    assert told == [("X0000001", "UTO", None), ("X0000001", "FRA", "stolen")]


async def test_who_bears_the_document_of_the_named_person_is_shown_beside_and_each_record_is_viewed_once(tmp_path):
    other = person("2", full="Bea Other", born="1990-01-01", documents=(passport(),))
    desk = Desk(tmp_path, found=[person(documents=(passport(),))], linked=[other, listed()])
    answer = (await desk.ask(name="Ada Testova", birth_date="1984-05-06")).json()
    named, beside = answer["persons"]
    assert beside["names"][0]["value"] == "Bea Other"
    for each in (named, beside):
        assert [finding["kind"] for finding in each["findings"]] == ["document-not-to-be-relied-on", "may-be-another"]
        assert {record["record"] for record in each["records"]} > {"blacklist:documents:1"}
    assert [(link["link"], link["with"]) for link in named["links"]] == [
        ("white", ["blacklist:documents:1"]),
        ("yellow", ["entry-exit:persons:2"]),
    ]
    viewed = [entry.record for entry in desk.audit.entries if entry.action is AuditAction.VIEWED]
    assert sorted(viewed) == ["blacklist:documents:1", "entry-exit:persons:1", "entry-exit:persons:2"]
    assert answer["systems"][0]["hits"] == 3
    assert answer["complete"] is True
