"""Bytes in JSON: written in one alphabet, read in both."""

import json
from base64 import b64encode, urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from biometrics.wire import Sample
from contracts.records import FingerTemplate
from contracts.snapshots import read_schema, released

TELLING = b"\xfb\xff\xfe\xfa"  # both alphabets differ in it, and it needs padding


def read_template(data: str) -> bytes:
    return FingerTemplate.model_validate_json(json.dumps({"engine": "e", "data": data})).data


def read_sample(data: str) -> bytes:
    return Sample.model_validate_json(json.dumps({"format": "sourceafis", "data": data})).data


def test_bytes_are_written_as_the_published_schema_says():
    written = json.loads(FingerTemplate(engine="e", data=TELLING).model_dump_json())["data"]
    assert written == "-__--g=="
    newest = [release for release in released() if release.contract == "fingerprint"][-1]
    described = read_schema(newest)["$defs"]["FingerTemplate"]["properties"]["data"]
    assert described["format"] == "base64url"
    assert "RFC 4648, section 5" in described["description"]


@pytest.mark.parametrize("read", [read_template, read_sample])
@given(data=st.binary(min_size=1, max_size=50) | st.just(TELLING))
def test_either_alphabet_is_read_with_and_without_padding(read, data):
    for written in (b64encode(data).decode(), urlsafe_b64encode(data).decode()):
        assert read(written) == read(written.rstrip("=")) == data


@pytest.mark.parametrize("read", [read_template, read_sample])
@pytest.mark.parametrize("data", ["+/_-", "AA\nAA", "A", "no base64!"])
def test_what_is_neither_is_refused(read, data):
    with pytest.raises(ValidationError):
        read(data)
