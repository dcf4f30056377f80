"""The form in which the engine writes its templates: told by the bytes alone, and nothing else passes for it."""

import struct

import pytest

from biometrics.formats.native import is_as_written
from biometrics.samples import read_template
from contracts.records import TemplateFormat
from tests.unit.biometrics.fakes import FakeEngine


def head(kind, length):
    """Begin a number, a text or an array (RFC 8949, 3)."""
    if length < 24:
        return bytes([kind << 5 | length])
    return bytes([kind << 5 | 24, length]) if length < 256 else bytes([kind << 5 | 25]) + struct.pack(">H", length)


def text(said):
    return head(3, len(said)) + said.encode()


def numbers(*each):
    return head(4, len(each)) + b"".join(head(0, n) if n >= 0 else head(1, -1 - n) for n in each)


def template(count=3, *, xs=None, **more):
    parts = {
        "version": text("3.18.1-java"),
        "width": head(0, 300),
        "height": head(0, 20),
        "positionsX": numbers(*(xs or range(10, 10 + count))),
        "positionsY": numbers(*[19] * count),
        "directions": head(4, count) + b"\xfa\x40\x20\0\0" * count,
        "types": text("EB" * (count // 2) + "E" * (count % 2)),
    } | more
    return b"\xbf" + b"".join(text(name) + value for name, value in parts.items()) + b"\xff"


@pytest.mark.parametrize("count", [1, 2, 23, 24, 100])
def test_what_the_engine_writes_has_its_form(count):
    assert is_as_written(template(count))


@pytest.mark.parametrize(
    "other",
    [
        template(0),
        template(101),
        template(300),
        template(xs=[-1, 5, 6]),
        template(xs=[1 << 14, 5, 6]),
        template(positionsX=head(4, 3) + text("1") * 3),
        template(positionsX=b"\x9f\x01\x02\x03\xff"),
        template(width=text("300")),
        template(more=numbers(1)),
        template()[:-1] + text("positionsX") + numbers(*range(200)) + b"\xff",
        template() + template(),
        template()[:-1],
        b"",
    ],
    ids=[
        "none",
        "too-many",
        "far-too-many",
        "negative",
        "beyond-all-images",
        "texts",
        "of-no-length",
        "width-in-text",
        "more",
        "twice",
        "two",
        "cut-short",
        "empty",
    ],
)
def test_other_forms_are_not_taken_for_it(other):
    assert not is_as_written(other)


@pytest.mark.parametrize("said", [TemplateFormat.SOURCEAFIS, TemplateFormat.ISO_19794_2])
@pytest.mark.parametrize(("data", "looked_at"), [(template(), 0), (template(101), 1)])
def test_only_what_has_another_form_is_looked_into(said, data, looked_at):
    class Looking(FakeEngine):
        looked = 0

        def from_bytes(self, data):
            return data

        def from_stranger(self, data):
            self.looked += 1
            return data

    engine = Looking()
    read_template(engine, said, data)
    assert engine.looked == looked_at
