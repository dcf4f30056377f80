"""This module is the process that measures NFIQ 2: `python -m biometrics.quality.measuring`, images in, answers out.

The library is native code, and an odd image can end it: one of 8 x 8 pixels does. The service must not end with it.
"""

import os
import signal
import sys
from typing import BinaryIO

import nbis

from biometrics.quality.nfiq2 import SIZE_BYTES, Nfiq2, answer, requested_size

LOWEST, HIGHEST = 0, 100


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer requests until there are no more."""
    extractor = nbis.new_nbis_extractor(
        nbis.NbisExtractorSettings(
            min_quality=0.0, get_center=False, check_fingerprint=False, compute_nfiq2=True, ppi=None
        )
    )
    while len(head := requests.read(SIZE_BYTES)) == SIZE_BYTES:
        width, height = requested_size(head)
        answers.write(answer(_measured(extractor, width, height, requests.read(width * height))))
        answers.flush()


def _measured(extractor: nbis.NbisExtractor, width: int, height: int, pixels: bytes) -> Nfiq2:
    """Measure one image at 500 dpi, given to the library as the plainest of the formats that it reads."""
    try:
        found = extractor.extract_minutiae(b"P5 %d %d 255\n" % (width, height) + pixels).quality()
    except (nbis.NbisError, nbis.InternalError):
        return Nfiq2(None, {})
    measures = {each.name: float(each.value) for each in (*found.actionable, *found.features)}
    # 255 says that no score could be computed (ISO/IEC 29794-1).
    return Nfiq2(found.score if LOWEST <= found.score <= HIGHEST else None, measures)


def main() -> None:
    """Serve whoever started this; what the library prints goes nowhere."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the service decides when it ends: then there are no more requests
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.dup2(nowhere, sys.stderr.fileno())
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
