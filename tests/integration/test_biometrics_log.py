"""The biometrics service beside a real router and a real Kafka: what was enrolled outlives everything."""

import base64
import os
import signal
import time

import httpx
import pytest

from biometrics.synthetic.finger import make_finger
from biometrics.synthetic.impression import press
from hub.security.principal import Scope

pytestmark = [pytest.mark.servers, pytest.mark.jvm]
SCOPES = [scope for scope in Scope if scope.startswith("biometrics:")]
PATIENCE_S = 120


@pytest.fixture(scope="module")
def client(stack):
    stack.start_services(["router", "biometrics"])
    headers = {"Authorization": f"Bearer {stack.token('test', SCOPES)}"}
    with httpx.Client(base_url=stack.addresses.url("biometrics"), headers=headers, timeout=60) as client:
        until(lambda: health(client).get("status") == "ready")
        yield client
    stack.stop_service("biometrics")


def until(holds):
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


def health(client):
    try:
        return client.get("/health").json()
    except httpx.TransportError:
        return {}


def sample(seed, impression):
    image = press(make_finger(seed), impression)
    data = base64.b64encode(image.pixels).decode()
    return {"format": "raw", "data": data, "width": image.width, "height": image.height, "dpi": 500}


def enrol(client, seed, **more):
    body = {"subject": f"registration:person:log{seed}", "samples": [sample(seed, 0)], **more}
    answer = client.post("/v1/enrol", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()["record"]


def matches(client, seed):
    answer = client.post("/v1/identify", json={"probes": [sample(seed, 1)], "purpose": "registration"})
    assert answer.status_code == 200, answer.text
    return [each["subject"] for each in answer.json()["candidates"] if each["match"]]


def test_an_identification_sees_every_enrolment_before_it(client):
    for seed in range(1000, 1004):
        enrol(client, seed)
        assert matches(client, seed) == [f"registration:person:log{seed}"]


def test_what_was_enrolled_and_deleted_outlives_a_killed_service(client, stack):
    enrol(client, 1010)
    gone = enrol(client, 1011)
    assert client.delete(f"/v1/fingerprints/{gone}").json()["held"] is False
    fingers = health(client)["fingers"]
    first = stack.pids()["biometrics"]
    os.kill(first, signal.SIGKILL)
    until(lambda: stack.pids().get("biometrics") not in {None, first} and health(client).get("status") == "ready")
    assert health(client)["fingers"] == fingers
    assert matches(client, 1010) == ["registration:person:log1010"]
    assert matches(client, 1011) == []
    assert client.get(f"/v1/fingerprints/{gone}").json()["held"] is False
