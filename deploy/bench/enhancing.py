"""This module measures what enhancement and the shipped configuration cost: an image, and a finger of a search."""

import time
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from biometrics.calibration import CALIBRATION
from biometrics.comparing import Comparing, Views, with_view
from biometrics.engine import SourceAfis, start_jvm
from biometrics.enhancement.views import VIEWS, enhance
from biometrics.fusion import COMMON
from biometrics.gray import GrayImage
from biometrics.synthetic.finger import make_finger
from biometrics.synthetic.impression import press
from deploy.bench.figures import percentile

# The size of an image of FVC2002 DB1, an optical scanner's.
WIDTH, HEIGHT = 388, 374
TIMES, WARM_UP = 40, 5
FINGERS, GALLERY, PROBES, PASSES = 24, 6_000, 4, 5
HEAP_MEGABYTES = 1024


def enhance_ms() -> float:
    """Give the processor time in milliseconds that all views of an image take on one core: the median."""
    cv2.setNumThreads(1)
    image = _image()
    spent = []
    for _ in range(WARM_UP + TIMES):
        started = time.process_time()
        enhance(image)
        spent.append((time.process_time() - started) * 1000)
    return percentile(spent[WARM_UP:], 0.5)


def shipped_fingers_per_s(jars: Path) -> dict[str, Any]:
    """Give the fingers a second of a search by image and view, and those of the bare stream of one plain template each.

    Both in turns over as many fingers; of each probe the least disturbed pass counts, as for plain identification. The
    first probe warms the JVM.
    """
    start_jvm(jars, HEAP_MEGABYTES)
    engine = SourceAfis()
    fingers = [make_finger(seed) for seed in range(FINGERS)]
    images = [_images(press(finger, 0)) for finger in fingers]
    rows = [_row(engine, [each[view] for each in images]) for view in range(len(VIEWS) + 1)]
    counts = np.full(GALLERY, COMMON)
    comparing = Comparing(engine, CALIBRATION)
    shipped, plain = [], []
    for finger in fingers[: PROBES + 1]:
        image, view = _images(press(finger, 1))
        probe = with_view(engine, Views(engine.extract(image)), engine.extract(view))
        search = partial(comparing.scan, probe, rows, counts, GALLERY)
        alone = engine.prepared(probe.plain, rows[0], GALLERY)
        passes = [(_timed(search), _timed(alone)) for _ in range(PASSES)]
        shipped.append(min(each for each, _ in passes))
        plain.append(min(each for _, each in passes))
    return {"value": GALLERY * PROBES / sum(shipped[1:]), "ceiling": GALLERY * PROBES / sum(plain[1:])}


def _images(image: GrayImage) -> list[GrayImage]:
    return [image, *enhance(image)]


def _row(engine: SourceAfis, images: list[GrayImage]) -> Any:
    """Make a row of copies, each an object of its own, as in a gallery."""
    data = [engine.to_bytes(engine.extract(image)) for image in images]
    return engine.new_scan(GALLERY, [engine.from_bytes(data[place % len(data)]) for place in range(GALLERY)])


def _timed(work: Any) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _image() -> GrayImage:
    """Lay an invented print on paper of the size that is measured."""
    print_ = press(make_finger(1), 0)
    paper = np.full((HEIGHT, WIDTH), 243, dtype=np.uint8)
    top, left = (HEIGHT - print_.height) // 2, (WIDTH - print_.width) // 2
    pixels = np.frombuffer(print_.pixels, dtype=np.uint8).reshape(print_.height, print_.width)
    paper[top : top + print_.height, left : left + print_.width] = pixels
    return GrayImage(WIDTH, HEIGHT, paper.tobytes())
