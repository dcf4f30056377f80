"""What a service refuses is told by the option that was typed, and nothing of what was typed."""

import httpx
import pytest
from typer.main import get_command

from deploy import cli_search, cli_trace, operator
from deploy.local.addresses import Addresses
from hub.errors import NotFound, Rejected
from search.request import SearchRequest


class Known:
    """A stack that is up."""

    name = "local"
    addresses = Addresses({"search": 1, "ledger": 1})

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


@pytest.mark.parametrize(("part", "options"), [(cli_search, cli_search.OPTIONS), (cli_trace, cli_trace.OPTIONS)])
def test_every_option_that_is_named_is_there(part, options):
    params = get_command(part.app).params
    there = {name for param in params for name in param.opts} | {str(param.name).upper() for param in params}
    assert set(options.values()) <= there


def test_every_field_of_a_search_that_can_be_typed_has_its_option():
    # `name` is not sent: names that are typed go into `names`.
    assert {field.partition(".")[0] for field in cli_search.OPTIONS} == set(SearchRequest.model_fields) - {"name"}
