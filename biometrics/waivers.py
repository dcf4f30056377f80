"""This module names what let a finger past the gate that would have kept it out: for the audit (pure)."""

from collections.abc import Sequence

from biometrics.formats.contents import ImageSample
from biometrics.quality.gate import Demand, Verdict, judge
from biometrics.quality.quality import is_refused
from biometrics.samples import Reading

BELOW_GATE = "below-quality-gate"
"""It was enrolled as the best that can be had."""
INVERTED, SEVERAL, TURNED = "inverted-image", "several-fingers", "turned-image"
"""It was enrolled inverted, of several fingers, or upside down, by who is sure that it is not, or as the best that can
be had."""
CHILD = "gate-of-a-child"
"""It was said to be of a child, and less than is asked of others was enough."""
NO_IMAGE = "no-image"
"""A template was sent: its quality is not known."""
NOT_MEASURED = "not-measured"
"""An image was sent, and its quality was not measured: the service measures none, or cannot on this machine."""


def waived(readings: Sequence[Reading], asked: Demand, of_anybody: Demand) -> str | None:
    """Name what was waived for an enrolment; nothing where each sample is an image that everybody would pass with.

    Where nothing is asked of anybody, nothing is waived.

    Args:
        readings: of the samples.
        asked: what was asked of them.
        of_anybody: what is asked where nobody says that the finger is a child's.
    """
    measured = [each.quality for each in readings if each.quality is not None]
    images = [each for each in readings if isinstance(each.sample, ImageSample)]
    asks = of_anybody.least > 0 or of_anybody.faithful
    reasons = (
        (BELOW_GATE, any(judge(each.score, asked) is Verdict.REFUSED for each in measured)),
        (INVERTED, asked.faithful and any(each.inverted for each in measured)),
        (SEVERAL, asked.faithful and any(each.several for each in measured)),
        (TURNED, asked.faithful and any(each.upside_down for each in measured)),
        (CHILD, any(is_refused(each, of_anybody) and not is_refused(each, asked) for each in measured)),
        (NO_IMAGE, asks and len(images) < len(readings)),
        (NOT_MEASURED, asks and any(each.quality is None for each in images)),
    )
    return ", ".join(name for name, holds in reasons if holds) or None
