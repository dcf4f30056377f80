"""This module shows text that others wrote: nothing of it may clear the screen, forge a line or be read as markup."""

import json
import re
import sys
from typing import Any

import typer
from rich.text import Text

_ACTING = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""Characters that a terminal obeys instead of showing them: controls, and those that turn the writing round."""
_MARK = "\ufffd"
_ESCAPED = re.compile(f"{_ACTING.pattern}|[\ud800-\udfff]")
"""These, and bytes of a file's name that are no text: JSON can say all of them."""


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


def say(text: str, *, err: bool = False) -> None:
    """Print a text as it is to be shown; its own lines stay, and what the stream cannot hold is escaped."""
    encoding = _encoding(err=err)
    lines = "\n".join(map(harmless, text.split("\n")))
    typer.echo(lines.encode(encoding, "backslashreplace").decode(encoding), err=err)


def json_line(value: Any) -> str:
    """Give a value in one line of JSON that standard output can hold, and no terminal obeys; nothing of it is lost."""
    line = _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False))
    try:
        line.encode(_encoding())
    except UnicodeEncodeError:
        return json.dumps(value)
    return line


def _encoding(*, err: bool = False) -> str:
    return getattr(sys.stderr if err else sys.stdout, "encoding", None) or "utf-8"
