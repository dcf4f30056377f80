"""A token is worth what it says for as long as it says."""

import time

import pytest

from hub.errors import NotAuthenticated
from hub.security.tokens import TokenVerifier, new_signing_key, public_keys
from hub.settings import TokenSettings
from tests.unit.hub.edge import KEY, token


@pytest.fixture
def verifier(tmp_path):
    (tmp_path / "jwks.json").write_text(public_keys(KEY))
    return TokenVerifier(TokenSettings(jwks_file=tmp_path / "jwks.json"))


def test_a_token_that_was_good_before_is_refused_once_it_has_expired(verifier, monkeypatch):
    good = token(lifetime_s=3600)
    assert verifier.verify(good).user == verifier.verify(good).user == "guard-1"
    later = time.time() + 7200
    monkeypatch.setattr(time, "time", lambda: later)
    with pytest.raises(NotAuthenticated):
        verifier.verify(good)


def test_a_token_that_differs_in_one_letter_from_a_good_one_is_refused(verifier):
    good = token()
    verifier.verify(good)
    head, claims, signature = good.split(".")
    other = ("B" if signature[0] == "A" else "A") + signature[1:]  # the last letters may stand for bits that are there
    for spoilt in (f"{head}.{claims[:-1]}.{signature}", f"{head}.{claims}.{other}", f"{good}.", ""):
        with pytest.raises(NotAuthenticated):
            verifier.verify(spoilt)


def test_what_another_key_signed_is_refused_however_often_it_comes(verifier):
    foreign = token(new_signing_key())
    for _ in range(2):
        with pytest.raises(NotAuthenticated):
            verifier.verify(foreign)
