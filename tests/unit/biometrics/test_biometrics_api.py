"""The service over HTTP, on a fake engine and a fake hub."""

import asyncio
import base64
import threading

import pytest

from biometrics.registration import CLAIM_S
from contracts.audit import AuditAction, AuditOutcome
from hub.errors import Retryable

SUBJECT = "registration:person:p1"


def sample(text=b"finger-a", kind="sourceafis", prefix=b"FAKE", **more):
    return {"format": kind, "data": base64.b64encode(prefix + text).decode(), **more}


def enrolment(text=b"finger-a", subject=SUBJECT, **more):
    return {"subject": subject, "samples": [sample(text)], "position": 2, **more}


def identification(*texts, **more):
    return {"probes": [sample(text) for text in texts], "purpose": "border-check", **more}


async def test_what_was_enrolled_is_identified_and_what_was_deleted_is_not(stand):
    async with stand.client() as client:
        enrolled = await client.post("/v1/enrol", json=enrolment())
        assert enrolled.status_code == 201
        record = enrolled.json()["record"]
        assert record.startswith("registration:finger:")

        found = (await client.post("/v1/identify", json=identification(b"finger-a"))).json()
        (candidate,) = found["candidates"]
        assert (candidate["subject"], candidate["match"]) == (SUBJECT, True)
        assert candidate["fingers"][0]["record"] == record

        deleted = await client.request("DELETE", f"/v1/fingerprints/{record}")
        assert (deleted.status_code, deleted.json()["held"]) == (200, False)
        assert (await client.post("/v1/identify", json=identification(b"finger-a"))).json()["candidates"] == []
        assert (await client.get(f"/v1/fingerprints/{record}")).json()["held"] is False


async def test_an_enrolment_is_an_event_of_the_registration_with_templates_and_no_image(stand):
    pixels = bytes(range(1, 251)) * 200
    image = {"format": "raw", "data": base64.b64encode(pixels).decode(), "width": 200, "height": 250, "dpi": 500}
    async with stand.client() as client:
        answer = await client.post("/v1/enrol", json={"subject": SUBJECT, "samples": [image]})
    assert answer.status_code == 201
    (message,) = stand.hub.log
    headers = dict(message.headers)
    assert headers["ce_type"] == b"isthmus.fingerprint.v1"
    assert int(headers["recordversion"]) == answer.json()["recordversion"]
    assert message.key.decode() == answer.json()["record"]
    assert pixels[:100] not in base64.urlsafe_b64decode(message.value.split(b'"data":"')[1].split(b'"')[0])


async def test_enrolling_under_the_same_key_replaces(stand):
    async with stand.client() as client:
        first = (await client.post("/v1/enrol", json=enrolment(b"finger-a", key="k1"))).json()
        second = (await client.post("/v1/enrol", json=enrolment(b"finger-b", key="k1"))).json()
        assert second["record"] == first["record"]
        assert second["recordversion"] > first["recordversion"]
        assert (await client.post("/v1/identify", json=identification(b"finger-a"))).json()["candidates"] == []


async def test_enrol_waits_for_the_gallery_and_says_when_it_waited_in_vain(stand):
    stand.hub.holding_back = True
    async with stand.client() as client:
        answer = await client.post("/v1/enrol", json=enrolment(key="k1"))
        assert (answer.status_code, answer.json()["code"]) == (503, "gallery-behind")
        assert "registration:finger:k1" in answer.json()["detail"]
        behind = await client.post("/v1/identify", json=identification(b"finger-a"))
        assert (behind.status_code, behind.json()["code"]) == (503, "gallery-behind")
        await stand.hub.deliver()
        found = (await client.post("/v1/identify", json=identification(b"finger-a"))).json()
        assert found["candidates"][0]["subject"] == SUBJECT


async def test_verify_against_a_record_a_person_and_a_sample(stand):
    async with stand.client() as client:
        record = (await client.post("/v1/enrol", json=enrolment())).json()["record"]
        for named in ({"record": record}, {"subject": SUBJECT}, {"candidate": sample()}):
            right = {"probe": sample(), "purpose": "border-check", **named}
            answer = (await client.post("/v1/verify", json=right)).json()
            assert (answer["match"], answer["score"], answer["comparisons"]) == (True, 100.0, 1)
            wrong = {"probe": sample(b"zzzzzzzz"), "purpose": "border-check", **named}
            assert (await client.post("/v1/verify", json=wrong)).json()["match"] is False


async def test_verify_names_exactly_one_thing_and_a_purpose(stand):
    async with stand.client() as client:
        nothing = await client.post("/v1/verify", json={"probe": sample(), "purpose": "border-check"})
        assert nothing.status_code == 422
        purposeless = await client.post("/v1/identify", json={"probes": [sample()]})
        assert purposeless.status_code == 422
        assert purposeless.json()["faults"] == [{"field": "purpose", "fault": "missing"}]


async def test_an_unknown_record_and_a_hidden_one_look_the_same(stand):
    async with stand.client() as client, stand.client(systems=["asylum"]) as stranger:
        record = (await client.post("/v1/enrol", json=enrolment(key="k1"))).json()["record"]
        body = {"probe": sample(), "purpose": "border-check"}
        hidden = await stranger.post("/v1/verify", json=body | {"record": record})
        unknown = await stranger.post("/v1/verify", json=body | {"record": "registration:finger:nobody"})
        assert hidden.status_code == unknown.status_code == 404
        assert hidden.json()["detail"] == unknown.json()["detail"]
        assert (await stranger.get(f"/v1/fingerprints/{record}")).status_code == 404
        assert (await stranger.post("/v1/identify", json=identification(b"finger-a"))).json()["candidates"] == []


async def test_only_the_owner_deletes_and_enrols(stand):
    async with stand.client() as client:
        foreign = await client.request("DELETE", "/v1/fingerprints/asylum:finger:a1")
        assert (foreign.status_code, foreign.json()["code"]) == (403, "not-authorised")
        missing = await client.request("DELETE", "/v1/fingerprints/registration:finger:nobody")
        assert missing.status_code == 404
        stranger = await client.post("/v1/enrol", json=enrolment(subject="asylum:person:p1"))
        assert (stranger.status_code, stranger.json()["code"]) == (422, "foreign-subject")


async def test_a_refused_sample_does_not_spoil_its_batch(stand):
    async with stand.client() as client:
        body = {"samples": [sample(), sample(b"no template", prefix=b""), sample(b"finger-b")]}
        first, second, third = (await client.post("/v1/extract", json=body)).json()["results"]
        assert second["fault"]["code"] == "unreadable-template"
        assert base64.urlsafe_b64decode(first["template"]["data"]) == b"FAKEfinger-a"
        assert base64.urlsafe_b64decode(third["template"]["data"]) == b"FAKEfinger-b"
        alone = await client.post("/v1/extract", json={"samples": [sample(b"no template", prefix=b"")]})
        assert (alone.status_code, alone.json()["code"]) == (422, "unreadable-template")
        assert alone.headers["content-type"] == "application/problem+json"


async def test_a_batch_keeps_no_other_waiting_until_its_last_sample_is_done(stand, monkeypatch):
    begun, let_go = threading.Event(), threading.Event()

    def slow(data):
        if data == b"FAKEslow":
            begun.set()
            assert let_go.wait(20)
        return data

    monkeypatch.setattr(stand.engine, "from_stranger", slow)
    async with stand.client() as client:
        batch = asyncio.create_task(client.post("/v1/extract", json={"samples": [sample(b"slow")] * 100}))
        await asyncio.to_thread(begun.wait)
        try:
            other = await asyncio.wait_for(client.post("/v1/extract", json={"samples": [sample()]}), 10)
            assert not batch.done()
        finally:
            let_go.set()
        assert [each["fault"] for each in (await batch).json()["results"]] == [None] * 100
    assert other.is_success


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"format": "png", "data": base64.b64encode(b"hello").decode()}, "undecodable-image"),
        ({"format": "wsq", "data": base64.b64encode(b"\xff\xa0\xff\xa2\x00").decode()}, "undecodable-image"),
        ({"format": "raw", "data": "AAAA"}, "invalid-request"),
        ({"format": "raw", "data": "AAAA", "width": 10_000, "height": 10_000}, "image-too-large"),
        ({"format": "raw", "data": "AAAA", "width": 200, "height": 200}, "undecodable-image"),
        (
            {"format": "raw", "data": base64.b64encode(bytes(40_000)).decode(), "width": 200, "height": 200},
            "blank-image",
        ),
        ({"format": "png", "data": "no base64!"}, "invalid-request"),
        ({"format": "gif", "data": "AAAA"}, "invalid-request"),
        ({"format": "iso-19794-2", "data": base64.b64encode(b"FMRa|b").decode()}, "unreadable-template"),
    ],
)
async def test_bad_samples_are_refused_by_every_route_with_one_code(stand, body, code):
    async with stand.client() as client:
        answers = [
            await client.post("/v1/extract", json={"samples": [body]}),
            await client.post("/v1/enrol", json={"subject": SUBJECT, "samples": [body]}),
            await client.post(
                "/v1/verify", json={"probe": body, "record": "registration:finger:k1", "purpose": "border-check"}
            ),
            await client.post("/v1/identify", json={"probes": [body], "purpose": "border-check"}),
        ]
    assert [(a.status_code, a.json()["code"]) for a in answers] == [(422, code)] * 4


async def test_every_route_wants_its_scope(stand):
    paths = stand.api.openapi()["paths"]
    routes = [(method, path) for path, methods in paths.items() for method in methods if path != "/health"]
    assert len(routes) == 6
    async with stand.client(scopes=["search"]) as stranger, stand.client() as client:
        del client.headers["Authorization"]
        for method, path in routes:
            there = path.replace("{record}", "registration:finger:k1")
            assert (await stranger.request(method, there, json={})).status_code == 403
            assert (await client.request(method, there, json={})).status_code == 401


async def test_every_act_leaves_an_entry_and_so_does_a_refusal(stand):
    async with stand.client() as client:
        flow = "6f9c1f44-14d4-4b3c-8e2c-0e0f3f7a1b11"
        await client.post("/v1/enrol", json=enrolment(key="k1"), headers={"X-Correlation-Id": flow})
        await client.post("/v1/identify", json=identification(b"finger-a"))
        await client.post("/v1/extract", json={"samples": [sample(b"no template", prefix=b"")]})
    begun, enrolled, identified, viewed, refused = stand.hub.entries
    assert (begun.outcome, begun.event, begun.detail) == (AuditOutcome.INCOMPLETE, enrolled.event, "begun")
    assert (viewed.action, viewed.subject, viewed.cause) == (AuditAction.VIEWED, SUBJECT, str(identified.entry))
    assert (enrolled.action, enrolled.flow, enrolled.record) == (AuditAction.ENROLLED, flow, "registration:finger:k1")
    assert (identified.action, identified.purpose, identified.count) == (AuditAction.IDENTIFIED, "border-check", 1)
    assert (refused.outcome, refused.detail) == (AuditOutcome.REFUSED, "unreadable-template")


async def test_while_the_gallery_reads_nobody_is_told_that_a_finger_is_not_there(stand):
    stand.hub.holding_back = True
    async with stand.client() as client:
        await client.post("/v1/enrol", json=enrolment(key="k1"))
        record, asked = "registration:finger:k1", {"probe": sample(), "purpose": "border-check"}

        async def ask():
            return [
                await client.post("/v1/verify", json=asked | {"record": record}),
                await client.post("/v1/verify", json=asked | {"subject": SUBJECT}),
                await client.get(f"/v1/fingerprints/{record}"),
                await client.request("DELETE", f"/v1/fingerprints/{record}"),
            ]

        assert [(each.status_code, each.json()["code"]) for each in await ask()] == [(503, "gallery-behind")] * 4
        stand.hub.holding_back = False
        await stand.hub.deliver()
        assert [each.status_code for each in await ask()] == [200] * 4


async def test_looking_at_a_record_is_recorded(stand):
    async with stand.client() as client, stand.client(systems=["asylum"]) as stranger:
        record = (await client.post("/v1/enrol", json=enrolment(key="k1"))).json()["record"]
        await client.get(f"/v1/fingerprints/{record}")
        await stranger.get(f"/v1/fingerprints/{record}")
    seen, refused = [entry for entry in stand.hub.entries if entry.action is AuditAction.VIEWED]
    assert (seen.record, seen.subject, seen.system, seen.actor) == (record, SUBJECT, "registration", "test")
    assert (refused.outcome, refused.detail) == (AuditOutcome.REFUSED, "unknown-fingerprint")
    assert (refused.record, refused.system) == (record, "registration")


async def test_whoever_is_denied_is_recorded_with_the_route_and_the_reason(stand):
    async with stand.client(scopes=["search"]) as unfit, stand.client(systems=["asylum"]) as stranger:
        assert (await unfit.post("/v1/identify", json=identification(b"finger-a"))).status_code == 403
        assert (await unfit.post("/v1/enrol", json=enrolment(), headers={"Authorization": ""})).status_code == 401
        assert (await stranger.request("DELETE", "/v1/fingerprints/registration:finger:k1")).status_code == 403
        assert (await stranger.post("/v1/identify", json={"probes": [sample()]})).status_code == 422
    denied = [(entry.actor, entry.detail) for entry in stand.hub.entries if entry.action is AuditAction.DENIED]
    assert denied == [
        ("test", "not-authorised POST /v1/identify"),
        ("unknown", "not-authenticated POST /v1/enrol"),
        ("test", "not-authorised DELETE /v1/fingerprints/{record}"),
        ("test", "invalid-request purpose POST /v1/identify"),
    ]


async def test_a_search_counts_only_what_the_caller_may_see(stand):
    async with stand.client() as client, stand.client(systems=["asylum"]) as stranger:
        await client.post("/v1/enrol", json=enrolment())
        assert (await client.post("/v1/identify", json=identification(b"finger-a"))).json()["templates"] == 1
        assert (await stranger.post("/v1/identify", json=identification(b"finger-a"))).json()["templates"] == 0


async def test_what_the_audit_does_not_take_is_not_published(stand):
    async def full(_entries):
        raise Retryable("The audit cannot be written; try again later.")

    async with stand.client() as client:
        await client.post("/v1/enrol", json=enrolment(key="k1"))
        stand.hub.record = full
        assert (await client.post("/v1/enrol", json=enrolment(key="k2"))).status_code == 503
        assert (await client.request("DELETE", "/v1/fingerprints/registration:finger:k1")).status_code == 503
    assert len(stand.hub.log) == 1


async def test_what_could_not_be_published_is_on_record_as_failed(stand):
    async def away(_messages):
        raise Retryable("Kafka did not confirm; try again later.")

    stand.hub.send_all = away
    async with stand.client() as client:
        assert (await client.post("/v1/enrol", json=enrolment())).status_code == 503
    assert [entry.outcome for entry in stand.hub.entries] == [AuditOutcome.INCOMPLETE, AuditOutcome.FAILED]


async def test_every_candidate_that_is_handed_out_is_on_record(stand):
    async with stand.client() as client:
        for n in range(3):
            await client.post("/v1/enrol", json=enrolment(subject=f"registration:person:{n}"))
        await client.post("/v1/identify", json=identification(b"finger-a"))
    viewed = [entry.subject for entry in stand.hub.entries if entry.action is AuditAction.VIEWED]
    assert sorted(viewed) == [f"registration:person:{n}" for n in range(3)]


async def test_who_may_not_see_the_registration_changes_nothing_in_it(stand):
    async with stand.client() as client, stand.client(systems=["asylum"]) as stranger:
        await client.post("/v1/enrol", json=enrolment(key="k1"))
        enrolled = await stranger.post("/v1/enrol", json=enrolment(key="k1"))
        deleted = await stranger.request("DELETE", "/v1/fingerprints/registration:finger:k1")
        assert [(each.status_code, each.json()["code"]) for each in (enrolled, deleted)] == [
            (403, "not-authorised")
        ] * 2
    assert len(stand.hub.log) == 1


async def test_a_finger_does_not_pass_to_another_person(stand):
    async with stand.client() as client:
        await client.post("/v1/enrol", json=enrolment(key="k1"))
        other = await client.post("/v1/enrol", json=enrolment(key="k1", subject="registration:person:p2"))
        assert (other.status_code, other.json()["code"]) == (422, "foreign-subject")
    assert len(stand.hub.log) == 1


async def test_of_two_persons_who_are_enrolled_under_one_new_key_at_once_one_wins_and_the_other_is_told(stand):
    send, both_have_looked = stand.hub.record, asyncio.Event()

    async def record(entries):
        if entries[0].outcome is AuditOutcome.REFUSED:
            both_have_looked.set()
        await send(entries)
        async with asyncio.timeout(1):
            await both_have_looked.wait()

    stand.hub.record = record
    async with stand.client() as client:
        answers = await asyncio.gather(
            client.post("/v1/enrol", json=enrolment(key="k1")),
            client.post("/v1/enrol", json=enrolment(key="k1", subject="registration:person:p2")),
        )
    enrolled, refused = sorted(answers, key=lambda answer: answer.status_code)
    assert (enrolled.status_code, refused.status_code, refused.json()["code"]) == (201, 409, "conflict")
    assert refused.headers["content-type"] == "application/problem+json"
    assert stand.gallery.find("registration:finger:k1")[0].subject == enrolled.json()["subject"]
    assert len(stand.hub.log) == 1


async def test_a_key_stays_claimed_until_the_gallery_tells_whose_it_is(stand):
    stand.hub.holding_back = True
    other = enrolment(key="k1", subject="registration:person:p2")
    async with stand.client() as client:
        await client.post("/v1/enrol", json=enrolment(key="k1"))
        stand.hub.end_offsets = nothing_routed_yet
        assert (await client.post("/v1/enrol", json=other)).status_code == 409
        await stand.hub.deliver()
        assert (await client.post("/v1/enrol", json=other)).json()["code"] == "foreign-subject"


async def test_a_key_whose_enrolment_the_router_refused_is_free_for_others_after_its_time(stand):
    stand.hub.holding_back = True
    stand.hub.end_offsets = nothing_routed_yet
    other = enrolment(key="k1", subject="registration:person:p2")
    async with stand.client() as client:
        await client.post("/v1/enrol", json=enrolment(key="k1"))
        stand.hub.log.clear()  # refused: it never comes
        stand.now = CLAIM_S - 1
        assert (await client.post("/v1/enrol", json=other)).status_code == 409
        stand.now = CLAIM_S
        stand.hub.holding_back = False
        assert (await client.post("/v1/enrol", json=other)).status_code == 201


@pytest.mark.parametrize("broken", ["record", "send_all"])
async def test_an_enrolment_that_came_to_nothing_leaves_its_key_to_others(stand, broken):
    async def away(_given):
        raise Retryable("Kafka did not confirm; try again later.")

    whole = getattr(stand.hub, broken)
    async with stand.client() as client:
        setattr(stand.hub, broken, away)
        assert (await client.post("/v1/enrol", json=enrolment(key="k1"))).status_code == 503
        setattr(stand.hub, broken, whole)
        other = await client.post("/v1/enrol", json=enrolment(key="k1", subject="registration:person:p2"))
    assert other.status_code == 201


async def nothing_routed_yet(_deadline_s):
    return {}


@pytest.mark.parametrize(("finger", "like", "found"), [(3, True, 0), (3, False, 1), (2, True, 1), (None, True, 1)])
async def test_another_finger_is_left_out_only_where_the_request_says_so_and_both_are_known(stand, finger, like, found):
    async with stand.client() as client:
        await client.post("/v1/enrol", json=enrolment(key="k1"))
        probe = sample() if finger is None else sample(finger=finger)
        asked = {"probes": [probe], "purpose": "border-check", "like_positions": like}
        answer = (await client.post("/v1/identify", json=asked)).json()
    assert (len(answer["candidates"]), answer["templates"]) == (found, found)
    assert answer["positions"] == [finger or 0]
