"""This module shows text that others wrote: nothing of it may clear the screen, forge a line or be read as markup."""

import re
from typing import Any

from rich.text import Text

_ACTING = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""Characters that a terminal obeys instead of showing them: controls, and those that turn the writing round."""
_MARK = "\ufffd"


def harmless(value: Any) -> Any:
    """Put a mark in place of each character that a terminal obeys, in every text of a JSON value."""
    if isinstance(value, str):
        return _ACTING.sub(_MARK, value)
    if isinstance(value, dict):
        return {key: harmless(each) for key, each in value.items()}
    return [harmless(each) for each in value] if isinstance(value, list | tuple) else value


def as_written(text: str, style: str = "") -> Text:
    """Give a text as it is to be printed, without markup; its own lines stay."""
    return Text("\n".join(map(harmless, text.split("\n"))), style=style)
