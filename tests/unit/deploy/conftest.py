"""What tests of several commands need."""

import httpx
import pytest

from deploy import fingers, operator
from deploy.local.addresses import Addresses
from deploy.local.stack import Stack
from tests.unit.biometrics.formats.made import encoded, ridges
from tests.unit.biometrics.quality.prints import FakeMeter


@pytest.fixture
def judging(monkeypatch):
    """Let images be judged as it is said."""

    def judge(*answers):
        meter = FakeMeter(*answers)
        meter.stop = lambda: None
        monkeypatch.setattr(fingers, "QualityMeter", lambda _: meter)
        monkeypatch.setattr(fingers, "can_be_measured", lambda: True)

    return judge


@pytest.fixture
def folder(tmp_path):
    prints = tmp_path / "prints"
    prints.mkdir()
    for name in ("7_2_1", "7_2_2", "8_1_1"):
        (prints / f"{name}.png").write_bytes(encoded(ridges(), "PNG", dpi=(500, 500)))
    return prints


@pytest.fixture
def service(monkeypatch):
    """A stack that is up, whose biometrics service answers what it is told to, or fails; give what it was asked."""

    class Up:
        name = "local"
        addresses = Addresses({"biometrics": 1})

        def must_be_up(self):
            return self

        def token(self, user, scopes):
            asked.append((user, tuple(scopes)))
            return "t"

    asked, answers = [], []

    def request(_method, url, *, json, **_):
        asked.append((url.rpartition("/")[2], json))
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, Exception):
            raise answer
        status, body = answer
        return httpx.Response(status, json=body)

    monkeypatch.setattr(Stack, "known", lambda _: Up())
    monkeypatch.setattr(operator.httpx, "request", request)

    def answering(*told):
        answers[:] = told
        return asked

    return answering
