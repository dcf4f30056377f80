"""What counts as equal to NIST's own program: the score, and every measure to the digits that it prints."""

import pytest

from biometrics.quality.nfiq2 import Nfiq2
from deploy.quality.nfiq2 import is_expected

EXPECTED = "UnifiedQualityScore: 54\nUniformImage: 70.747\nFDA_Bin10_0: 3\n"


@pytest.mark.parametrize(
    ("found", "equal"),
    [
        (Nfiq2(54, {"UniformImage": 70.74702, "FDA_Bin10_0": 3.0, "Mu": 1.0}), True),
        (Nfiq2(53, {"UniformImage": 70.747, "FDA_Bin10_0": 3.0}), False),
        (Nfiq2(54, {"UniformImage": 70.75, "FDA_Bin10_0": 3.0}), False),
        (Nfiq2(54, {"UniformImage": 70.747}), False),
        (Nfiq2(None, {}), False),
    ],
)
def test_score_and_measures_are_compared(found, equal):
    assert is_expected(found, EXPECTED) is equal
