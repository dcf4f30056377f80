"""What is refused is refused alike wherever it is told: it survives being copied, and sent to another process."""

import copy
import inspect
import pickle

import pytest

from biometrics import rejections
from biometrics.formats.contents import MissingFinger
from biometrics.formats.positions import Missing, Position
from biometrics.rejections import GalleryFull, MirroredImage, NoFinger, UnknownFormat
from hub.errors import FaultOfField, IsthmusError

CLASSES = [each for _, each in inspect.getmembers(rejections, inspect.isclass) if issubclass(each, IsthmusError)]
WAYS = [copy.copy, copy.deepcopy, lambda error: pickle.loads(pickle.dumps(error))]
TOLD = [
    NoFinger("The record holds no finger.", [MissingFinger(Position.LEFT_RING, Missing.AMPUTATED)]),
    UnknownFormat("The file is empty.", code="other", field="sample", faults=[FaultOfField("sample", "empty", 1, 2)]),
]


@pytest.mark.parametrize("way", WAYS, ids=["copy", "deep-copy", "pickle"])
@pytest.mark.parametrize(
    "error", [*(each("The text.") for each in CLASSES), MirroredImage(), GalleryFull(), *TOLD], ids=repr
)
def test_every_refusal_survives_being_copied_and_pickled(error, way):
    found = way(error)
    assert found is not error
    assert type(found) is type(error)
    assert (str(found), found.args, vars(found)) == (str(error), error.args, vars(error))


def test_what_says_the_same_wherever_it_is_raised_has_its_text_by_itself():
    assert "mirrored" in str(MirroredImage())
    assert "ISTHMUS_HEAP_MEGABYTES" in str(GalleryFull())
