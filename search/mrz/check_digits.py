"""This module computes the check digits of machine readable zones (ICAO Doc 9303-3, 4.9)."""

_WEIGHTS = (7, 3, 1)
FILLER = "<"
VALUES = {str(digit): digit for digit in range(10)} | {chr(65 + n): 10 + n for n in range(26)} | {FILLER: 0}


def check_digit(text: str) -> str:
    """Give the check digit of `text`, letters A to Z, digits and fillers: weights 7, 3, 1 from the left, modulo 10.

    Two characters whose values differ by ten are the same to it: G and 6, B and 1, A and 0.
    """
    return str(sum(VALUES[character] * _WEIGHTS[place % 3] for place, character in enumerate(text)) % 10)
