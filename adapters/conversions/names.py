"""This module reads names as legacy systems list them: several in one field."""

from contracts.identity import NameKind, PersonName


def listed_names(text: str | None, kind: NameKind, separator: str = ";") -> list[PersonName]:
    """Read whole names that stand in one field."""
    return [PersonName(full=name.strip(), kind=kind) for name in (text or "").split(separator) if name.strip()]
