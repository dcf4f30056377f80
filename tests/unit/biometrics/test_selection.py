"""Selection: over several encounters a record keeps the images that stand for the finger best."""

import asyncio
import base64
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from biometrics.selection import typical
from contracts.records import FingerprintV1, FingerTemplate
from tests.unit.biometrics.test_reader import message

SUBJECT = "registration:person:p1"


async def enrol(stand, *datas, **more):
    samples = [{"format": "sourceafis", "data": base64.b64encode(data).decode()} for data in datas]
    body = {"subject": SUBJECT, "key": "k1", "samples": samples, "best_available": True, **more}
    async with stand.client() as client:
        return await client.post("/v1/enrol", json=body)


def held(stand):
    return [each.data for each in FingerprintV1.model_validate_json(stand.hub.log[-1].value).templates]


def test_what_is_least_like_the_others_goes():
    scores = np.array([[0.0, 50, 5, 60], [50, 0, 4, 70], [5, 4, 0, 3], [60, 70, 3, 0]])
    assert typical(scores, [1] * 4, 3) == [0, 1, 3]
    assert typical(scores, [1] * 4, 2) == [1, 3]
    assert typical(scores, [2] * 4, 5) == [1, 3]
    assert typical(scores, [2, 1, 2, 2], 4) == [1, 3]
    assert typical(scores, [1, 2, 1, 1], 3) == [1, 3]


def test_of_equals_the_later_stays():
    assert typical(np.zeros((3, 3)), [1, 1, 1], 2) == [1, 2]


@given(st.lists(st.integers(1, 3), min_size=1, max_size=8), st.integers(3, 8), st.randoms())
def test_as_many_stay_as_may_each_once_in_their_order(sizes, most, chance):
    scores = np.array([[chance.random() for _ in sizes] for _ in sizes])
    chosen = typical(scores, sizes, most)
    assert chosen == sorted(set(chosen))
    taken = sum(sizes[place] for place in chosen)
    assert taken <= most
    assert all(taken + size > most for place, size in enumerate(sizes) if place not in chosen)


async def test_images_of_two_fingers_are_never_enrolled_as_one(stand):
    refused = await enrol(stand, b"FAKEaaaaaaaa", b"FAKEzzzzzzzz")
    assert (refused.status_code, refused.json()["code"]) == (422, "finger-differs")
    assert refused.json()["faults"] == [{"field": "samples.1", "fault": "finger-differs"}]
    assert stand.hub.log == []


async def test_an_enrolment_replaces_unless_it_is_to_be_added(stand):
    await enrol(stand, b"FAKEaaaaaaaa")
    await enrol(stand, b"FAKEaaaaaaaa", add=True)
    assert held(stand) == [b"FAKEaaaaaaaa"] * 2
    await enrol(stand, b"FAKEbbbbbbbb")
    assert held(stand) == [b"FAKEbbbbbbbb"]


async def test_what_is_added_to_nothing_is_enrolled(stand):
    assert (await enrol(stand, b"FAKEaaaaaaaa", add=True)).json()["templates"] == 1


async def test_no_more_is_kept_than_an_event_carries(stand):
    for _ in range(3):
        assert (await enrol(stand, *[b"FAKEaaaaaaaa"] * 4, add=True)).status_code == 201
    assert len(held(stand)) == 8


async def test_another_finger_is_not_added(stand):
    await enrol(stand, b"FAKEaaaaaaaa")
    answer = await enrol(stand, b"FAKEzzzzzzzz", add=True)
    assert (answer.status_code, answer.json()["code"]) == (422, "finger-differs")
    assert answer.json()["faults"][0]["field"] == "samples.0"
    assert held(stand) == [b"FAKEaaaaaaaa"]


@pytest.mark.parametrize("add", [True, False])
async def test_a_key_stays_one_persons(stand, add):
    await enrol(stand, b"FAKEaaaaaaaa")
    answer = await enrol(stand, b"FAKEaaaaaaaa", subject="registration:person:p2", add=add)
    assert (answer.status_code, answer.json()["code"]) == (422, "foreign-subject")


async def test_the_finger_that_is_held_is_not_called_another(stand):
    await enrol(stand, b"FAKEaaaaaaaa", position=2)
    answer = await enrol(stand, b"FAKEaaaaaaaa", position=7, add=True)
    assert (answer.status_code, answer.json()["code"]) == (422, "finger-contradicts")
    await enrol(stand, b"FAKEaaaaaaaa", add=True)
    assert json.loads(stand.hub.log[-1].value)["position"] == 2


async def test_of_two_encounters_at_once_neither_is_lost_without_a_word(stand):
    await enrol(stand, b"FAKEaaaaaaaa")
    answers = await asyncio.gather(*(enrol(stand, b"FAKEaaaaaaaa", add=True) for _ in range(2)))
    done = [answer for answer in answers if answer.status_code == 201]
    assert {answer.json()["code"] for answer in answers if answer not in done} <= {"conflict"}
    assert len(held(stand)) == 1 + len(done)


async def test_nothing_is_added_to_what_is_on_its_way(stand):
    await enrol(stand, b"FAKEaaaaaaaa")
    stand.hub.holding_back = True
    await enrol(stand, b"FAKEaaaaaaaa", add=True)
    stand.progress.reach = reached
    answer = await enrol(stand, b"FAKEaaaaaaaa", add=True)
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    stand.hub.holding_back = False
    await stand.hub.deliver()
    assert (await enrol(stand, b"FAKEaaaaaaaa", add=True)).status_code == 201
    assert len(held(stand)) == 3


async def test_nothing_is_added_to_what_is_about_to_end(stand):
    record = (await enrol(stand, b"FAKEaaaaaaaa")).json()["record"]
    stand.hub.holding_back = True
    stand.progress.reach = reached
    async with stand.client() as client:
        await client.request("DELETE", f"/v1/fingerprints/{record}")
    answer = await enrol(stand, b"FAKEaaaaaaaa", add=True)
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


async def reached(_what, _deadline_s):
    """What the router has not let through yet is in no log that the gallery could be behind of."""
    return True


async def test_what_an_older_engine_made_keeps_its_name_when_something_is_added(stand):
    old = FingerTemplate(engine="sourceafis-0.0-older", data=b"FAKEaaaaaaaa")
    said = FingerprintV1(
        system="registration", record="registration:finger:k1", subject=SUBJECT, templates=(old,)
    ).model_dump_json()
    stand.hub.log.append(message(1, said.encode()))
    await stand.hub.deliver()
    await enrol(stand, b"FAKEaaaaaaaa", add=True)
    carried = FingerprintV1.model_validate_json(stand.hub.log[-1].value).templates
    assert [each.engine for each in carried] == ["sourceafis-0.0-older", "sourceafis-0.0-fake"]
