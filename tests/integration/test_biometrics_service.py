"""The service over HTTP on the real engine: real scores, and bad input one by one."""

import asyncio
import base64
import io
import itertools
import struct
import zlib

import jpype
import numpy as np
import pytest
from PIL import Image

from biometrics.calibration import CALIBRATION
from biometrics.formats.pictures import write_png
from biometrics.gray import GrayImage
from biometrics.synthetic.finger import make_finger
from biometrics.synthetic.impression import press
from contracts.audit import AuditAction
from contracts.records import TemplateFormat
from tests.integration.real_engine import real_engine, real_prints
from tests.unit.biometrics.fakes import Stand

pytestmark = pytest.mark.jvm
PURPOSE = {"purpose": "border-check"}


@pytest.fixture(params=[CALIBRATION, None], ids=["views", "plain"])
def stand(tmp_path, request):
    stand = Stand(real_engine(), tmp_path, wait_s=5, calibration=request.param)
    yield stand
    stand.threads.stop()


plain_engine = pytest.mark.parametrize("stand", [None], ids=["plain"], indirect=True)


def sample(kind, data, **more):
    return {"format": kind, "data": base64.b64encode(data).decode(), **more}


def file_of(image, kind):
    out = io.BytesIO()
    Image.frombytes("L", (image.width, image.height), image.pixels).save(out, kind)
    return out.getvalue()


def png(seed, impression):
    return sample("png", file_of(press(make_finger(seed), impression), "PNG"), dpi=500)


async def enrol(client, seed, impression=0, **more):
    body = {"subject": f"registration:person:{seed}", "samples": [png(seed, impression)], **more}
    answer = await client.post("/v1/enrol", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def identify(client, *probes, **more):
    answer = await client.post("/v1/identify", json={"probes": list(probes), **PURPOSE, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_the_right_finger_is_found_among_others_and_a_strangers_is_not(stand):
    async with stand.client() as client:
        for seed in range(6):
            await enrol(client, seed)
        found = await identify(client, png(4, 1))
        best = found["candidates"][0]
        assert (best["subject"], best["match"]) == ("registration:person:4", True)
        assert [each["match"] for each in found["candidates"][1:]] == [False] * (len(found["candidates"]) - 1)
        stranger = await identify(client, png(99, 0))
        assert not any(each["match"] for each in stranger["candidates"])


async def test_two_fingers_of_a_person_are_summed(stand):
    async with stand.client() as client:
        await enrol(client, 1, subject="registration:person:p")
        await enrol(client, 2, subject="registration:person:p")
        one = (await identify(client, png(1, 1)))["candidates"][0]["score"]
        other = (await identify(client, png(2, 1)))["candidates"][0]["score"]
        both = (await identify(client, png(1, 1), png(2, 1)))["candidates"][0]
        assert both["score"] == pytest.approx(one + other)
        assert {each["probe"] for each in both["fingers"]} == {0, 1}


async def test_every_format_of_the_same_finger_verifies(stand):
    image = press(make_finger(3), 1)
    template = real_engine().extract(image)
    samples = [
        sample("png", file_of(image, "PNG"), dpi=500),
        sample("png", write_png(image)),
        sample("jpeg", file_of(image, "JPEG"), dpi=500),
        sample("jpeg2000", file_of(image, "JPEG2000"), dpi=500),
        sample("bmp", file_of(image, "BMP"), dpi=500),
        sample("tiff", file_of(image, "TIFF"), dpi=500),
        sample("raw", image.pixels, width=image.width, height=image.height, dpi=500),
        sample("sourceafis", real_engine().to_bytes(template)),
        sample("iso-19794-2", real_engine().export(template, TemplateFormat.ISO_19794_2)),
        sample("ansi-378", real_engine().export(template, TemplateFormat.ANSI_378)),
    ]
    async with stand.client() as client:
        record = (await enrol(client, 3))["record"]
        for probe in samples:
            answer = (await client.post("/v1/verify", json={"probe": probe, "record": record, **PURPOSE})).json()
            assert answer["match"], probe["format"]
            assert answer["score"] > 40


def in_a_mirror(image):
    gray = np.frombuffer(image.pixels, np.uint8).reshape(image.height, image.width)
    return GrayImage(image.width, image.height, gray[:, ::-1].tobytes(), image.dpi)


async def test_who_matches_only_in_a_mirror_is_told_so_and_nothing_is_enrolled(stand):
    mirrored = sample("png", write_png(in_a_mirror(press(make_finger(3), 1))))
    stranger = sample("png", write_png(in_a_mirror(press(make_finger(4), 1))))
    async with stand.client() as client:
        record = (await enrol(client, 3))["record"]
        straight = sample("png", write_png(press(make_finger(3), 0)))
        for named in ({"record": record}, {"subject": "registration:person:3"}, {"candidate": straight}):
            answer = await client.post("/v1/verify", json={"probe": mirrored, **named, **PURPOSE})
            assert (answer.status_code, answer.json()["code"]) == (422, "mirrored-image")
            answer = await client.post("/v1/verify", json={"probe": stranger, **named, **PURPOSE})
            assert (answer.status_code, answer.json()["match"]) == (200, False)
        told = [entry for entry in stand.hub.entries if entry.action is AuditAction.VERIFIED]
        assert [entry.detail for entry in told] == ["no-match, mirrored", "no-match"] * 3
        assert {entry.purpose for entry in told} == {"border-check"}
        assert [entry.record for entry in told[:4]] == [record] * 4, (
            "the record and the person are named as in any other"
        )
        log = len(stand.hub.log)
        both = {"subject": "registration:person:5", "samples": [straight, mirrored]}
        answer = await client.post("/v1/enrol", json=both)
        assert (answer.status_code, answer.json()["code"]) == (422, "mirrored-image")
        assert len(stand.hub.log) == log, "nothing is enrolled"


async def test_an_extracted_template_scores_as_its_image_does(stand):
    async with stand.client() as client:
        record = (await enrol(client, 3))["record"]
        made = (await client.post("/v1/extract", json={"samples": [png(3, 1)]})).json()
        template = made["results"][0]["template"]
        assert made["engine"] == template["engine"] == real_engine().name
        by_template = {"format": template["format"], "data": template["data"]}
        if views := made["results"][0]["views"]:
            by_template["view"] = views[0]["data"]
        scores = [
            (await client.post("/v1/verify", json={"probe": probe, "record": record, **PURPOSE})).json()["score"]
            for probe in (png(3, 1), by_template)
        ]
        assert scores[0] == scores[1]


async def test_templates_of_another_version_are_held_and_flagged(stand):
    data = real_engine().to_bytes(real_engine().extract(press(make_finger(3), 0)))
    older = data.replace(b"3.18.1-java", b"3.17.0-java")
    async with stand.client() as client:
        body = {"subject": "registration:person:p", "samples": [sample("sourceafis", older)]}
        answer = (await client.post("/v1/enrol", json=body)).json()
        assert answer["engine"] == "sourceafis-3.17.0"
        assert (await client.get("/health")).json()["engines"] == {"sourceafis-3.17.0": 1}
        found = await identify(client, png(3, 1))
        assert found["candidates"][0]["fingers"][0]["engine"] != found["engine"]


def declared_png():
    body = b"IHDR" + struct.pack(">IIBBBBB", 10_000, 10_000, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body)) + bytes(500)


def declared_wsq():
    return b"\xff\xa0\xff\xa2\x00\x11\x00\xff" + struct.pack(">HH", 10_000, 10_000) + bytes(500)


def bad_input():
    image = press(make_finger(1), 0)
    template = real_engine().extract(image)
    blank = bytes([250]) * (image.width * image.height)
    noise = np.random.default_rng(1).integers(244, 250, image.width * image.height).astype(np.uint8).tobytes()
    size = {"width": image.width, "height": image.height}
    return {
        "truncated png": (sample("png", file_of(image, "PNG")[:20_000]), "undecodable-image"),
        "truncated jpeg": (sample("jpeg", file_of(image, "JPEG")[:9_000]), "undecodable-image"),
        "truncated wsq": (sample("wsq", b"\xff\xa0\xff\xa4\x00\x3a" + bytes(30)), "undecodable-image"),
        "truncated native template": (
            sample("sourceafis", real_engine().to_bytes(template)[:-9]),
            "unreadable-template",
        ),
        "truncated standard template": (
            sample("iso-19794-2", real_engine().export(template, TemplateFormat.ISO_19794_2)[:-9]),
            "unreadable-template",
        ),
        "blank": (sample("raw", blank, **size), "blank-image"),
        "almost blank": (sample("raw", noise, **size), "blank-image"),
        "text": (sample("png", b"This is a letter, not a finger.\n" * 40), "undecodable-image"),
        "text as template": (sample("sourceafis", b"This is a letter, not a finger.\n" * 40), "unreadable-template"),
        "100 million pixels, png": (sample("png", declared_png()), "image-too-large"),
        "100 million pixels, wsq": (sample("wsq", declared_wsq()), "image-too-large"),
        "100 million pixels, raw": (sample("raw", b"ab", width=10_000, height=10_000), "image-too-large"),
    }


async def test_bad_input_is_refused_one_by_one_and_the_worker_lives(stand):
    async with stand.client() as client:
        await enrol(client, 1)
        for name, (bad, code) in bad_input().items():
            for route, body in {
                "/v1/extract": {"samples": [bad]},
                "/v1/enrol": {"subject": "registration:person:p", "samples": [bad]},
                "/v1/verify": {"probe": bad, "subject": "registration:person:1", **PURPOSE},
                "/v1/identify": {"probes": [bad], **PURPOSE},
            }.items():
                answer = await client.post(route, json=body)
                assert (answer.status_code, answer.json()["code"]) == (422, code), (name, route)
                assert "Traceback" not in answer.text
        assert (await identify(client, png(1, 1)))["candidates"][0]["match"]


async def test_the_loop_goes_on_while_the_engine_works(stand):
    async with stand.client() as client:
        await enrol(client, 1)
        working = asyncio.gather(*(identify(client, png(1, n)) for n in range(4)))
        turns = 0
        while not working.done():
            await asyncio.sleep(0)
            turns += 1
        assert len(await working) == 4
        assert turns > 100


@pytest.mark.data
@plain_engine
async def test_pairwise_scores_through_the_service_are_the_engines_own(stand):
    """All 6,400 ordered pairs of a real set; beside them the engine asked directly, with the same gray pixels."""
    files = real_prints("fvc2002_db1_b", "*.png")
    if not files:
        pytest.skip("no real data: set ISTHMUS_DATA to measure on it")
    engine = jpype.JPackage("com").machinezoo.sourceafis
    own = {}
    async with stand.client() as client:
        for path in files:
            with Image.open(path) as image:
                gray = np.asarray(image.convert("L"))
            pixels = jpype.JArray(jpype.JByte)(gray.astype(np.int8).ravel())
            own[path.stem] = engine.FingerprintTemplate(engine.FingerprintImage(gray.shape[1], gray.shape[0], pixels))
            body = {
                "subject": f"registration:person:{path.stem}",
                "samples": [sample("png", path.read_bytes(), dpi=500)],
            }
            assert (await client.post("/v1/enrol", json=body)).status_code == 201
        found = {}
        for path in files:
            answer = await identify(client, sample("png", path.read_bytes(), dpi=500), limit=1000, lowest_score=0)
            for candidate in answer["candidates"]:
                found[path.stem, candidate["subject"].rsplit(":", 1)[1]] = candidate["score"]
    matchers = {name: engine.FingerprintMatcher(template) for name, template in own.items()}
    assert len(found) == len(files) ** 2 == 6_400
    assert found == {(p, c): float(matchers[p].match(own[c])) for p, c in itertools.product(own, own)}
