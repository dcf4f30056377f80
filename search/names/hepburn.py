"""This module writes Japanese words in Latin letters as Hepburn's romanisation does, from that of ISO 3602 (Kunrei)."""

import re

_KUNREI = {"sy": "sh", "ty": "ch", "zy": "j", "si": "shi", "ti": "chi", "zi": "ji", "tu": "tsu", "hu": "fu"}
_UNIT = re.compile(f"(?<![sc])(?:{'|'.join(_KUNREI)})")  # shu and chu are Hepburn already


def hepburn(word: str) -> str:
    """Write what ISO 3602 writes otherwise as Hepburn does: Junitiro as Junichiro. All else stays as it is."""
    return _UNIT.sub(lambda unit: _KUNREI[unit[0]], word)
