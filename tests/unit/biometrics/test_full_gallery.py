"""A gallery without memory for more: it takes nobody in, loses nothing, and says that it does not hold all."""

import asyncio
import base64
from itertools import count

import pytest
from aiokafka import TopicPartition

from biometrics import gallery as gallery_module
from biometrics import reader as reader_module
from biometrics.comparing import Views
from biometrics.events import ERASURES, FINGERPRINTS
from biometrics.gallery import Enrolled, Enrolment, Gallery
from contracts.records import ErasureV1, FingerPosition, FingerprintV1, FingerTemplate
from tests.unit.biometrics.fakes import FakeEngine, Stand
from tests.unit.biometrics.test_reader import Kafka, message, read_all

SUBJECT = "registration:person:p1"
ROOM = 3


@pytest.fixture(autouse=True)
def _looks_after_each(monkeypatch):
    monkeypatch.setattr(gallery_module, "LOOK_EVERY", 1)


def gallery_with_room(images):
    looks = count(1)
    return Gallery(FakeEngine(), None, lambda: images - next(looks))


@pytest.fixture
def stand(tmp_path):
    stand = Stand(FakeEngine(), tmp_path, gallery=gallery_with_room(1))
    yield stand
    stand.threads.stop()


def sample(text=b"finger-a"):
    return {"format": "sourceafis", "data": base64.b64encode(b"FAKE" + text).decode()}


async def ask(stand, method, path, **body):
    async with stand.client() as client:
        return await client.request(method, path, json=body or None)


async def enrol(stand, key):
    return await ask(stand, "POST", "/v1/enrol", subject=SUBJECT, key=key, samples=[sample()])


async def identify(stand):
    return (await ask(stand, "POST", "/v1/identify", probes=[sample()], purpose="border-check")).json()


async def test_a_full_gallery_enrols_nobody_and_says_what_to_do(stand):
    assert (await identify(stand))["complete"]
    assert (await enrol(stand, "k1")).status_code == 201
    refused = await enrol(stand, "k2")
    assert (refused.status_code, refused.json()["code"]) == (503, "gallery-full")
    assert "ISTHMUS_HEAP_MEGABYTES" in refused.json()["detail"]
    assert len(stand.hub.log) == 1


async def test_a_full_gallery_is_searched_and_says_that_it_is_not_all(stand):
    await enrol(stand, "k1")
    found = await identify(stand)
    assert [each["subject"] for each in found["candidates"]] == [SUBJECT]
    assert not found["complete"]
    assert stand.hub.entries[-2].detail == "1 candidates, gallery-full"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/v1/fingerprints/registration:finger:k2", {}),
        ("DELETE", "/v1/fingerprints/registration:finger:k2", {}),
        ("POST", "/v1/verify", {"probe": sample(), "record": "registration:finger:k2", "purpose": "border-check"}),
        ("POST", "/v1/verify", {"probe": sample(), "subject": "registration:person:p2", "purpose": "border-check"}),
    ],
)
async def test_a_full_gallery_tells_of_nobody_that_they_are_not_there(stand, method, path, body):
    assert (await ask(stand, method, path, **body)).status_code == 404
    await enrol(stand, "k1")
    answer = await ask(stand, method, path, **body)
    assert (answer.status_code, answer.json()["code"]) == (503, "gallery-full")


async def test_what_a_full_gallery_holds_is_verified_and_read_and_may_be_out_of_date(stand):
    await enrol(stand, "k1")
    body = {"probe": sample(), "record": "registration:finger:k1", "purpose": "border-check"}
    verified = (await ask(stand, "POST", "/v1/verify", **body)).json()
    assert (verified["match"], verified["complete"]) == (True, False)
    assert stand.hub.entries[-1].detail == "match, gallery-full"
    assert not (await ask(stand, "GET", "/v1/fingerprints/registration:finger:k1")).json()["complete"]
    two_samples = {"probe": sample(), "candidate": sample(), "purpose": "border-check"}
    assert (await ask(stand, "POST", "/v1/verify", **two_samples)).json()["complete"]


async def test_a_full_gallery_says_of_no_person_that_the_finger_is_not_theirs(stand):
    await enrol(stand, "k1")
    body = {"probe": sample(b"other-99"), "subject": SUBJECT, "purpose": "border-check"}
    answer = await ask(stand, "POST", "/v1/verify", **body)
    assert (answer.status_code, answer.json()["code"]) == (503, "gallery-full")
    assert (await ask(stand, "POST", "/v1/verify", **body | {"probe": sample()})).json()["match"]


def test_the_fewer_bytes_are_left_the_sooner_they_are_looked_at_again(monkeypatch):
    monkeypatch.setattr(gallery_module, "LOOK_EVERY", 2)
    monkeypatch.setattr(gallery_module, "BYTES_AN_IMAGE", 10)
    held, looks = [0], []

    def room():
        looks.append(held[0])
        return 100 - 5 * held[0]

    gallery = Gallery(FakeEngine(), None, room)
    while not gallery.full:
        owner = Enrolled(f"a:finger:{held[0]}", "a:person:1", "a", FingerPosition.UNKNOWN, 1, "e")
        gallery.apply([Enrolment(owner, (Views(b"FAKE"),))])
        held[0] += 1
    assert held[0] <= 22
    assert len(looks) < 10


def fingerprint(offset):
    record = f"asylum:finger:{offset}"
    said = FingerprintV1(
        system="asylum",
        record=record,
        subject=f"asylum:person:{offset}",
        templates=(FingerTemplate(engine="sourceafis-0.0-fake", data=b"FAKEfinger-a"),),
    )
    return message(offset, said.model_dump_json().encode())


def held_of(gallery):
    return [n for n in range(ROOM + 2) if gallery.find(f"asylum:finger:{n}")]


def erasure(offset, of):
    said = ErasureV1(system="asylum", record=f"asylum:finger:{of}", erased="fingerprint", reason="withdrawn")
    return message(offset, said.model_dump_json().encode(), topic=ERASURES)


async def test_the_log_is_read_as_far_as_there_is_room_and_erasures_to_their_end(monkeypatch, tmp_path):
    kafka = Kafka(*(fingerprint(offset) for offset in range(ROOM + 2)), erasure(2, 0))
    gallery = gallery_with_room(ROOM)
    reader = await read_all(kafka, tmp_path, monkeypatch, gallery=gallery)
    assert held_of(gallery) == [1, 2]
    assert reader.at_the_end == "incomplete"
    assert "MB of memory" in reader.waits_for
    assert kafka.paused == {TopicPartition(FINGERPRINTS, 0)}


async def test_the_log_is_read_on_once_erasures_have_made_room(monkeypatch, tmp_path):
    monkeypatch.setattr(reader_module, "LOOK_AGAIN_S", 0)
    kafka = Kafka(*(fingerprint(offset) for offset in range(ROOM + 2)), *(erasure(n, n) for n in range(ROOM)))
    gallery = Gallery(FakeEngine(), None, lambda: (ROOM - gallery.templates) * gallery_module.BYTES_AN_IMAGE)
    reader = await read_all(kafka, tmp_path, monkeypatch, gallery=gallery)
    assert held_of(gallery) == [ROOM, ROOM + 1]
    assert (reader.at_the_end, reader.waits_for) == ("ready", None)
    assert kafka.paused == set()
    assert len(kafka.entries) == 2 * ROOM + 2, "each event is on record once"


@pytest.mark.parametrize(("images", "full"), [(0, True), (0.5, True), (1, False)])
def test_a_full_gallery_goes_on_only_where_it_would_not_be_full_at_once(images, full):
    looks = iter([0, images * gallery_module.BYTES_AN_IMAGE])
    gallery = Gallery(FakeEngine(), None, lambda: next(looks))
    owner = Enrolled("a:finger:1", "a:person:1", "a", FingerPosition.UNKNOWN, 1, "e")
    gallery.apply([Enrolment(owner, (Views(b"FAKE"),))])
    assert gallery.full
    assert gallery.look_again() is not full
    assert gallery.lacking == (gallery_module.BYTES_AN_IMAGE * (1 - images) if full else 0)


async def test_a_gallery_that_has_room_again_enrols_and_is_complete(tmp_path):
    rooms = iter([0, 10**6, 10**6])
    stand = Stand(FakeEngine(), tmp_path, gallery=Gallery(FakeEngine(), None, lambda: next(rooms)))
    await enrol(stand, "k1")
    assert (await enrol(stand, "k2")).status_code == 503
    assert stand.gallery.look_again()
    assert (await enrol(stand, "k2")).status_code == 201
    assert (await identify(stand))["complete"]
    stand.threads.stop()


async def test_a_search_says_what_was_so_when_it_began_though_there_is_room_again_meanwhile(tmp_path):
    loop = asyncio.get_running_loop()

    class Meanwhile(FakeEngine):
        def scan(self, probe, scan, count):
            asyncio.run_coroutine_threadsafe(stand.progress.resume("log"), loop).result(20)
            return super().scan(probe, scan, count)

    stand = Stand(Meanwhile(), tmp_path)
    stand.hub.holding_back = True
    await enrol(stand, "k1")
    await stand.progress.halt("log")
    assert not (await identify(stand))["complete"]
    stand.threads.stop()


async def test_a_later_start_with_more_memory_misses_nothing_and_tells_nothing_twice(monkeypatch, tmp_path):
    kafka = Kafka(*(fingerprint(offset) for offset in range(ROOM + 2)))
    await read_all(kafka, tmp_path, monkeypatch, gallery=gallery_with_room(ROOM))
    more = gallery_with_room(100)
    await read_all(kafka, tmp_path, monkeypatch, gallery=more)
    assert (more.fingers, more.full) == (ROOM + 2, False)
    assert [entry.offset for entry in kafka.entries] == list(range(ROOM + 2))
