"""This module makes up the minutiae of any finger, as each edition can write them."""

import pytest
from hypothesis import strategies as st

from biometrics.formats.impressions import Impression
from biometrics.formats.minutiae import Capture, FingerMinutiae, Minutia, MinutiaeFormat, MinutiaKind
from biometrics.formats.positions import Position

EDITIONS = list(MinutiaeFormat)
OF_2005 = [MinutiaeFormat.ISO_2005, MinutiaeFormat.ANSI_2004]
every_edition = pytest.mark.parametrize("edition", EDITIONS)

FINGERTIPS = [position for position in Position if position.finger is not None and position <= Position.LEFT_LITTLE]
minutiae = st.builds(
    Minutia,
    st.sampled_from(MinutiaKind),
    st.integers(0, 16_383),
    st.integers(0, 16_383),
    st.floats(0, 360, exclude_max=True),
    st.none() | st.integers(1, 100),
)
captures = st.builds(
    Capture,
    st.sampled_from(FINGERTIPS),
    st.sampled_from([Impression.LIVE_PLAIN, Impression.LIVE_ROLLED, Impression.NONLIVE_PLAIN, Impression.SWIPE]),
    st.none() | st.integers(1, 100),
)
sizes, resolutions = st.integers(1, 16_383), st.integers(40, 787)
fingers = st.builds(
    FingerMinutiae,
    captures,
    sizes,
    sizes,
    resolutions,
    resolutions,
    st.lists(minutiae, max_size=255).map(tuple),
    st.binary(max_size=40),
)
