"""This module names what can go wrong between a legacy system and the hub."""

from hub.errors import Rejected, Retryable


class SourceUnavailable(Retryable):
    """The legacy system does not answer, or not as declared."""

    code = "source-unavailable"


class SpoiltList(SourceUnavailable):
    """A dropped list that is not whole, or not what its name says."""

    code = "spoilt-list"

    def __init__(self, name: str) -> None:
        super().__init__(f"The list {name} is not whole or not of its kind; drop it again.")


class SpoiltLine(SourceUnavailable):
    """A line of a dropped list from which on nothing is sure."""

    code = "spoilt-list"

    def __init__(self, name: str, line: int) -> None:
        super().__init__(
            f"The list {name} cannot be read from line {line} on: a quotation mark there stands alone, or a text does "
            "not end; mend it and drop the list again."
        )


class BiometricsUnavailable(Retryable):
    """The biometrics service does not answer."""

    code = "biometrics-unavailable"


class PoisonRow(Rejected):
    """A row that cannot become an event as it is."""

    code = "unmapped"
