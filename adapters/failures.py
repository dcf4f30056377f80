"""This module names what can go wrong between a legacy system and the hub."""

from hub.errors import Rejected, Retryable


class SourceUnavailable(Retryable):
    """The legacy system does not answer, or not as declared."""

    code = "source-unavailable"


class BiometricsUnavailable(Retryable):
    """The biometrics service does not answer."""

    code = "biometrics-unavailable"


class PoisonRow(Rejected):
    """A row that cannot become an event as it is."""

    code = "unmapped"
