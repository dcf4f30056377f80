"""This module draws the fingers of the population as PNG images, in processes of their own, and keeps the images."""

import hashlib
import inspect
import os
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from io import BytesIO
from multiprocessing import get_context
from pathlib import Path

from PIL import Image

from biometrics.gray import GrayImage
from biometrics.synthetic import finger as finger_module
from biometrics.synthetic import impression as impression_module
from biometrics.synthetic import orientation as orientation_module
from biometrics.synthetic import ridges as ridges_module
from biometrics.synthetic.finger import make_finger
from biometrics.synthetic.impression import BOOTH, ENROLMENT, Care, press
from deploy.demo.population.holdings import FingerOfNobody

DPI = 500


def png(image: GrayImage) -> bytes:
    """Write a gray image as PNG, with its resolution."""
    written = BytesIO()
    picture = Image.frombytes("L", (image.width, image.height), image.pixels)
    picture.save(written, "PNG", dpi=(DPI, DPI), compress_level=1)
    return written.getvalue()


def draw(finger: FingerOfNobody, care: Care = ENROLMENT) -> bytes:
    """Press a finger on a scanner."""
    return png(press(make_finger(finger.seed), finger.impression, care))


def draw_at_booth(finger: FingerOfNobody) -> bytes:
    """Press a finger in haste."""
    return draw(finger, BOOTH)


def draw_all(fingers: Iterable[FingerOfNobody], cache: Path, workers: int = 2) -> dict[FingerOfNobody, bytes]:
    """Press many fingers; about a tenth of a second each and worker, and nothing when they were drawn before.

    Args:
        fingers: which ones.
        cache: a folder that keeps images for the next time.
        workers: how many processes draw.
    """
    wanted = list(dict.fromkeys(fingers))
    folder = cache / "fingers" / _generator_mark()
    folder.mkdir(parents=True, exist_ok=True)
    missing = [finger for finger in wanted if not _file(folder, finger).exists()]
    if missing:
        # Spawned, not forked: the caller may have threads, and a JVM near by.
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            for finger, image in zip(missing, pool.map(draw, missing, chunksize=8), strict=True):
                aside = _file(folder, finger).with_suffix(f".{os.getpid()}.part")
                aside.write_bytes(image)
                aside.replace(_file(folder, finger))
    return {finger: _file(folder, finger).read_bytes() for finger in wanted}


def _file(folder: Path, finger: FingerOfNobody) -> Path:
    return folder / f"{finger.seed}-{finger.impression}.png"


def _generator_mark() -> str:
    """Tell one generator from another: images of an older one are not taken."""
    sources = (finger_module, impression_module, orientation_module, ridges_module)
    return hashlib.sha256("".join(map(inspect.getsource, sources)).encode()).hexdigest()[:12]
