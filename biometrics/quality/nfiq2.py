"""This module is what NFIQ 2 says of an image, and how the process that measures it is asked (pure)."""

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from biometrics.gray import GrayImage

LARGEST = (800, 1000)
"""Width and height in pixels of the largest image that NFIQ 2 takes (its `FingerprintImageData`)."""
_SIZE = struct.Struct(">II")
SIZE_BYTES = _SIZE.size


@dataclass(frozen=True, slots=True)
class Nfiq2:
    """What NFIQ 2 says of an image.

    Attributes:
        score: the unified quality score of ISO/IEC 29794-4:2024, 0 to 100, 100 the best; nothing where it finds too
            little of a finger to judge.
        measures: what the score was made of, by the names that NFIQ 2 gives them.
    """

    score: int | None
    measures: Mapping[str, float]


def request(image: GrayImage) -> bytes:
    """Write an image for the process that measures: width, height, pixels."""
    return _SIZE.pack(image.width, image.height) + image.pixels


def requested_size(head: bytes) -> tuple[int, int]:
    """Read width and height of what is asked about; the pixels follow."""
    width, height = _SIZE.unpack(head)
    return width, height


def answer(found: Nfiq2) -> bytes:
    """Write an answer: one line of JSON."""
    return json.dumps({"score": found.score, "measures": dict(found.measures)}).encode() + b"\n"


def read_answer(line: bytes) -> Nfiq2:
    """Read an answer."""
    told: dict[str, Any] = json.loads(line)
    return Nfiq2(told["score"], told["measures"])
