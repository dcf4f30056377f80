"""Whose finger it is, as biometrics tells: nobody is left out without a word."""

import httpx
import pytest

from contracts.query import Purpose
from search.fingers import LIMIT, Finger, Fingers


def candidate(number, *, match=True):
    finger = {"record": f"asylum:fingers:{number}", "system": "asylum"}
    return {"subject": f"asylum:persons:{number}", "score": 80.0, "match": match, "fingers": [finger]}


async def identified(tmp_path, candidates, finger=None, **more):
    token = tmp_path / "token"
    token.write_text("invented")
    token.chmod(0o600)
    answer = {"candidates": candidates, "complete": True, **more}
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=answer))
    async with httpx.AsyncClient(transport=transport, base_url="http://biometrics") as client:
        return await Fingers(client, token).identify(
            Finger(data="aW1hZ2U=", finger=finger), Purpose.IDENTIFICATION, ["asylum"]
        )


async def test_who_matched_is_named_and_who_is_only_like_is_not(tmp_path):
    found = await identified(tmp_path, [candidate(1), candidate(2, match=False)])
    assert [match.subject for match in found.matches] == ["asylum:persons:1"]
    assert found.complete


@pytest.mark.parametrize(("matched", "complete"), [(LIMIT - 1, True), (LIMIT, False)])
async def test_where_as_many_match_as_are_named_at_most_there_may_be_more(tmp_path, matched, complete):
    others = [candidate(number, match=number < matched) for number in range(LIMIT)]
    assert (await identified(tmp_path, others)).complete is complete


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
