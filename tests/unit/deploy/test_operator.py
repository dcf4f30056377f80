"""What a service refuses is told by the option that was typed, and nothing of what was typed."""

import httpx
import pytest
from typer.main import get_command
from typer.testing import CliRunner

from deploy import cli_search, cli_trace, operator
from deploy.local.addresses import Addresses
from deploy.mistyped import Mistyped
from hub.errors import NotFound, Rejected
from hub.problem_kinds import INVALID
from search.request import NothingAsked, SearchRequest, TooManyNames


class Known:
    """A stack that is up."""

    name = "local"
    addresses = Addresses({"search": 1, "ledger": 1, "biometrics": 1})

    def token(self, *_):
        return "t"


@pytest.fixture
def answers(monkeypatch):
    """Let the service answer with a status and a problem."""

    def answer(status, problem):
        response = httpx.Response(status, json=problem)
        monkeypatch.setattr(operator.httpx, "request", lambda *_, **__: response)

    return answer


def refused(**more):
    with pytest.raises(Rejected) as error:
        operator.ask(Known(), "search", "POST", "/v1/search", scopes=[], options=cli_search.OPTIONS, **more)
    return str(error.value)


def invalid(*faults):
    return {"code": "invalid-request", "detail": "…", "faults": [{"field": f, "fault": why} for f, why in faults]}


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (("legal_basis", "string_too_long"), "--legal-basis is not right (string too long)."),
        (("birth_date", "value_error"), "--born is not right (value error)."),
        (("names.0", "string_too_short"), "--name is not right (string too short)."),
        (("document.issuer", "string_pattern_mismatch"), "--issuer is not right (string pattern mismatch)."),
        (("document.number", "string_too_long"), "--document is not right (string too long)."),
        (("body", "json_invalid"), "body is not right (json invalid)."),
    ],
)
def test_a_field_is_named_by_its_option(answers, fault, told):
    answers(422, invalid(fault))
    assert refused() == told


def test_several_faults_are_all_named(answers):
    answers(422, invalid(("sex", "enum"), ("mrz", "too_short")))
    assert refused() == "--sex is not right (enum); --mrz is not right (too short)."


def test_it_is_told_how_what_is_not_right_is_written(answers):
    answers(422, invalid(("birth_date", "no_date"), ("sex", "enum")))
    assert refused(forms=cli_search.FORMS) == (
        "--born is not right (no date): write 1960, 1960-08 or 1960-08-11, and a day that there is; "
        "--sex is not right (enum)."
    )


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        (("--name", "Ada", "--born", ""), {"names": ["Ada"], "birth_date": ""}),
        (("--name", "Ada", "--document", ""), {"names": ["Ada"], "document": {"number": ""}}),
        (("--name", "Ada", "--issuer", "UTO"), {"names": ["Ada"], "document": {"issuer": "UTO"}}),
        (("--name", "Ada", "--dpi", "500"), {"names": ["Ada"], "finger": {"dpi": 500}}),
        (("--name", "Ada"), {"names": ["Ada"]}),
    ],
)
def test_nobody_is_sought_with_less_than_was_typed(monkeypatch, typed, sent):
    bodies = []

    class Up(Known):
        def must_be_up(self):
            return self

    def request(*_, json, **__):
        bodies.append(json)
        return httpx.Response(422, json=invalid())

    monkeypatch.setattr(cli_search.Stack, "known", lambda _: Up())
    monkeypatch.setattr(operator.httpx, "request", request)
    CliRunner().invoke(cli_search.app, ["--purpose", "border-check", *typed])
    assert bodies == [{"purpose": "border-check", **sent}]


@pytest.mark.parametrize("code", ["invalid-request", "nothing-asked", "too-many-names"])
def test_what_cannot_be_meant_is_typed_wrongly(answers, code):
    answers(422, {"code": code, "detail": "No.", "faults": []})
    with pytest.raises(Mistyped):
        operator.ask(Known(), "search", "POST", "/v1/search", scopes=[], options=cli_search.OPTIONS)
    answers(422, {"code": "mrz-check-digit", "detail": "No.", "faults": []})
    with pytest.raises(Rejected) as refused:
        operator.ask(Known(), "search", "POST", "/v1/search", scopes=[], options=cli_search.OPTIONS)
    assert not isinstance(refused.value, Mistyped)


def test_the_codes_of_what_cannot_be_meant_are_those_of_the_services():
    assert {NothingAsked.code, TooManyNames.code, INVALID.code} == operator.MISTYPED


@pytest.mark.parametrize("problem", [{"code": "mrz-check-digit", "detail": "Scan again.", "faults": []}])
def test_what_says_itself_what_to_do_is_told_as_it_is(answers, problem):
    answers(422, problem)
    assert refused() == "Scan again."


@pytest.mark.parametrize("body", [[], "no", {"faults": None}])
def test_an_answer_that_is_no_problem_is_told_by_its_status(answers, body):
    answers(418, body)
    assert refused() == "The service answered with status 418; look at its log."


def test_what_is_not_there_is_told_apart(answers):
    answers(404, {"code": "not-found", "detail": "Nothing.", "faults": []})
    with pytest.raises(NotFound, match="Nothing"):
        operator.ask(Known(), "ledger", "GET", "/v1/trace/x", scopes=[])


@pytest.mark.parametrize("status", [404, 409, 422])
def test_a_refusal_keeps_the_field_that_it_is_of(answers, status):
    problem = {"code": "blank-image", "detail": "Take the finger again.", "faults": [{"field": "samples.1"}]}
    for faults, field in ((problem["faults"], "samples.1"), ([], None), (None, None), ([1], None)):
        answers(status, problem | {"faults": faults})
        with pytest.raises(Rejected) as refused:
            operator.ask(Known(), "biometrics", "POST", "/v1/enrol", scopes=[])
        assert (refused.value.field, refused.value.reason) == (field, "blank-image")


@pytest.mark.parametrize(("part", "options"), [(cli_search, cli_search.OPTIONS), (cli_trace, cli_trace.OPTIONS)])
def test_every_option_that_is_named_is_there(part, options):
    params = get_command(part.app).params
    there = {name for param in params for name in param.opts} | {str(param.name).upper() for param in params}
    assert set(options.values()) <= there


def test_every_form_is_that_of_an_option():
    assert set(cli_search.FORMS) <= set(cli_search.OPTIONS.values())


def test_every_field_of_a_search_that_can_be_typed_has_its_option():
    # `name` is not sent: names that are typed go into `names`.
    assert {field.partition(".")[0] for field in cli_search.OPTIONS} == set(SearchRequest.model_fields) - {"name"}
