"""This module names what let a finger past the gate that would have kept it out: for the audit (pure)."""

from collections.abc import Sequence

from biometrics.formats.contents import ImageSample
from biometrics.quality.gate import Demand, Verdict, judge
from biometrics.quality.quality import is_refused
from biometrics.samples import Reading

BELOW_GATE = "below-quality-gate"
"""It was enrolled as the best that can be had."""
TURNED = "turned-image"
"""It was enrolled upside down, as the best that can be had."""
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
    turned = {each.quality is not None and each.quality.is_turned(asked) for each in readings}
    below = {each.quality is not None and judge(each.quality.score, asked) is Verdict.REFUSED for each in readings}
    of_children = {is_refused(each.quality, of_anybody) and not is_refused(each.quality, asked) for each in readings}
    asks = of_anybody.least > 0
    unseen = {asks and not isinstance(each.sample, ImageSample) for each in readings}
    unmeasured = {asks and isinstance(each.sample, ImageSample) and each.quality is None for each in readings}
    reasons = (
        (BELOW_GATE, below),
        (TURNED, turned),
        (CHILD, of_children),
        (NO_IMAGE, unseen),
        (NOT_MEASURED, unmeasured),
    )
    return ", ".join(name for name, found in reasons if True in found) or None
