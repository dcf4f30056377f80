"""Whose finger it is, as biometrics tells: nobody is left out without a word."""

import json

import httpx
import pytest

from biometrics.wire import IdentifyRequest
from contracts.query import Purpose
from search.fingers import LIMIT, BiometricsUnavailable, Finger, FingerRefused, Fingers


def candidate(number, *, match=True):
    finger = {"record": f"asylum:fingers:{number}", "system": "asylum"}
    return {"subject": f"asylum:persons:{number}", "score": 80.0, "match": match, "fingers": [finger]}


async def asked(tmp_path, respond, systems=("asylum",), finger=None):
    token = tmp_path / "token"
    token.write_text("invented")
    token.chmod(0o600)
    async with httpx.AsyncClient(transport=httpx.MockTransport(respond), base_url="http://biometrics") as client:
        return await Fingers(client, token).identify(
            Finger(data="aW1hZ2U=", finger=finger), Purpose.IDENTIFICATION, systems
        )


async def identified(tmp_path, candidates, finger=None, **more):
    answer = {"candidates": candidates, "complete": True, **more}
    return await asked(tmp_path, lambda _: httpx.Response(200, json=answer), finger=finger)


async def test_who_matched_is_named_and_who_is_only_like_is_not(tmp_path):
    found = await identified(tmp_path, [candidate(1), candidate(2, match=False)])
    assert [match.subject for match in found.matches] == ["asylum:persons:1"]
    assert found.complete


@pytest.mark.parametrize(("matched", "complete"), [(LIMIT - 1, True), (LIMIT, False)])
async def test_where_as_many_match_as_are_named_at_most_there_may_be_more(tmp_path, matched, complete):
    others = [candidate(number, match=number < matched) for number in range(LIMIT)]
    assert (await identified(tmp_path, others)).complete is complete


def problem(code, *fields, status=422):
    faults = [{"field": field, "fault": "wrong"} for field in fields]
    return httpx.Response(status, json={"title": "No", "detail": "Look at it.", "code": code, "faults": faults})


@pytest.mark.parametrize(
    "refusal",
    [
        problem("blank-image"),
        problem("body-too-large", status=413),
        problem("invalid-request", "probes.0.data", "probes.0"),
    ],
)
async def test_a_sample_that_is_refused_is_the_askers_to_mend(tmp_path, refusal):
    with pytest.raises(FingerRefused) as refused:
        await asked(tmp_path, lambda _: refusal)
    assert (refused.value.reason, str(refused.value)) == (refusal.json()["code"], "Look at it.")


@pytest.mark.parametrize(
    "refusal",
    [
        problem("invalid-request", "systems"),
        problem("invalid-request", "probes.0", "purpose"),
        problem("invalid-request"),
        httpx.Response(400, text="a proxy's own"),
    ],
)
async def test_a_question_that_biometrics_does_not_understand_is_no_fault_of_the_finger(tmp_path, refusal):
    with pytest.raises(BiometricsUnavailable):
        await asked(tmp_path, lambda _: refusal)


@pytest.mark.parametrize(
    ("seen", "named"),
    [
        (["asylum", "Alerts", "alerts\n", "", "x" * 40], ["asylum"]),
        (["Alerts"], []),
        ([f"system-{number:03}" for number in range(200)], [f"system-{number:03}" for number in range(200)]),
    ],
)
async def test_whatever_systems_a_token_names_biometrics_understands_the_question(tmp_path, seen, named):
    sent = []

    def respond(request):
        sent.append(json.loads(request.content))
        return httpx.Response(200, json={"candidates": []})

    await asked(tmp_path, respond, seen)

    assert IdentifyRequest.model_validate(sent[0]).systems == tuple(named)


@pytest.mark.parametrize(
    ("said", "read", "position"),
    [(None, [7], 7), (7, [7], 7), (1, [7], 0), (None, [0], 0), (1, [], 0)],
    ids=["as the template tells", "both tell it", "they contradict each other", "nobody tells", "an older biometrics"],
)
async def test_which_finger_it_is_is_certain_where_biometrics_read_it_and_nobody_says_another(
    tmp_path, said, read, position
):
    assert (await identified(tmp_path, [], said, positions=read)).position == position


async def test_what_biometrics_could_not_read_is_told(tmp_path):
    assert (await identified(tmp_path, [], unread=["asylum:fingers:1"])).unread == {"asylum:fingers:1"}
    assert (await identified(tmp_path, [])).unread == frozenset()
