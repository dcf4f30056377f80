"""This module is the one form in which a fingerprint image travels: 8-bit gray pixels with their resolution."""

from dataclasses import dataclass

# The resolution of fingerprint interchange (ISO/IEC 19794-4, ANSI/NIST-ITL: 19.7 pixels per millimetre); also what the
# engine assumes when nothing else is said.
STANDARD_DPI = 500


@dataclass(frozen=True, slots=True)
class GrayImage:
    """An image of one finger: row by row from the top, one byte a pixel, 0 is black (a ridge), 255 is white."""

    width: int
    height: int
    pixels: bytes
    dpi: int = STANDARD_DPI

    def __post_init__(self) -> None:
        """Refuse a size that its pixels do not fill."""
        if self.width < 1 or self.height < 1 or len(self.pixels) != self.width * self.height:
            raise ValueError(
                f"{len(self.pixels)} pixels do not fill {self.width} x {self.height}; give one byte a pixel."
            )
