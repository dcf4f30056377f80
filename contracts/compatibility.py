"""This module compares two JSON Schemas of one contract: within a major version, only an optional field may come.

Writers are strict (unknown fields forbidden) and readers tolerant (unknown fields left out), so a new optional field is
read by everybody. Anything else breaks somebody, and is told with its field, its direction and the order of a rollout:

* backward: readers of the new version refuse what writers of the old one send;
* forward: readers of the old version refuse, or miss, what writers of the new one send.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Schema = dict[str, Any]

_NOTES = frozenset({"title", "description", "examples", "$defs", "default", "discriminator", "$id", "$schema"})
_UPPER = frozenset({"maxLength", "maxItems", "maximum", "exclusiveMaximum"})
_LOWER = frozenset({"minLength", "minItems", "minimum", "exclusiveMinimum"})
_CHOICES = frozenset({"enum", "anyOf", "oneOf", "prefixItems"})


class Direction(StrEnum):
    """Who no longer understands whom."""

    BACKWARD = "backward"
    FORWARD = "forward"
    BOTH = "both"


ROLLOUT = {
    Direction.BACKWARD: "move every writer before any reader, or publish a new major",
    Direction.FORWARD: "move every reader before any writer, or publish a new major",
    Direction.BOTH: "publish a new major with its own topic and an upgrade function: readers first, then writers",
}


@dataclass(frozen=True, slots=True)
class Break:
    """One incompatibility: which field, in which direction, and what is different."""

    field: str
    direction: Direction
    difference: str

    def __str__(self) -> str:
        """Say it in one line."""
        return f"{self.field}: {self.difference} ({self.direction.value}; {ROLLOUT[self.direction]})"


def breaks(old: Schema, new: Schema) -> list[Break]:
    """List everything in which `new` is not what every reader and writer of `old` relies on."""
    return list(_compare(old, new, _Roots(old, new), "payload"))


class _Roots:
    """The two documents, to resolve references in, and the pairs of references already compared."""

    def __init__(self, old: Schema, new: Schema) -> None:
        self.old = old
        self.new = new
        self.seen: set[tuple[str, str]] = set()


def _compare(old: Schema, new: Schema, roots: _Roots, field: str) -> Iterator[Break]:
    references = (old.get("$ref", ""), new.get("$ref", ""))
    if any(references):
        if references in roots.seen:
            return
        roots.seen.add(references)
    old, new = _resolved(old, roots.old), _resolved(new, roots.new)
    yield from _compare_fields(old, new, roots, field)
    for keyword in sorted((old.keys() | new.keys()) - _NOTES - {"properties", "required", "$ref"}):
        before, after = old.get(keyword), new.get(keyword)
        if keyword in {"items", "additionalProperties"} and isinstance(before, dict) and isinstance(after, dict):
            yield from _compare(before, after, roots, f"{field}[]")
        elif keyword in _CHOICES:
            yield from _compare_choices(before or [], after or [], roots, f"{field}.{keyword}")
        elif before != after:
            yield Break(field, _direction(keyword, before, after), f"{keyword} was {before!r} and is {after!r}")


def _compare_fields(old: Schema, new: Schema, roots: _Roots, field: str) -> Iterator[Break]:
    before, after = old.get("properties", {}), new.get("properties", {})
    required_before, required_after = set(old.get("required", ())), set(new.get("required", ()))
    for name in sorted(before.keys() | after.keys()):
        path = f"{field}.{name}"
        if name not in after:
            yield Break(path, Direction.FORWARD, "the field is gone")
        elif name not in before:
            if name in required_after:
                yield Break(path, Direction.BACKWARD, "a new field is required")
        else:
            if name in required_after - required_before:
                yield Break(path, Direction.BACKWARD, "the field is now required")
            if name in required_before - required_after:
                yield Break(path, Direction.FORWARD, "the field is no longer required")
            yield from _compare(before[name], after[name], roots, path)


def _compare_choices(before: list[Any], after: list[Any], roots: _Roots, field: str) -> Iterator[Break]:
    """Compare alternatives: each old one needs its equal among the new ones, and the other way round."""
    left = [choice for choice in after if not any(_same(one, choice, roots) for one in before)]
    gone = [choice for choice in before if not any(_same(choice, one, roots) for one in after)]
    if gone:
        yield Break(field, Direction.BACKWARD, f"{len(gone)} alternative(s) are gone: {_named(gone)}")
    if left:
        yield Break(field, Direction.FORWARD, f"{len(left)} alternative(s) are new: {_named(left)}")


def _same(old: Any, new: Any, roots: _Roots) -> bool:
    if not (isinstance(old, dict) and isinstance(new, dict)):
        return bool(old == new)
    fresh = _Roots(roots.old, roots.new)
    return not list(_compare(old, new, fresh, ""))


def _named(choices: list[Any]) -> str:
    return ", ".join(
        str(choice.get("$ref", choice.get("type", "?")) if isinstance(choice, dict) else choice) for choice in choices
    )


def _direction(keyword: str, before: Any, after: Any) -> Direction:
    if keyword not in _UPPER | _LOWER:
        return Direction.BOTH
    if before is None or after is None:
        return Direction.BACKWARD if before is None else Direction.FORWARD
    tighter = after < before if keyword in _UPPER else after > before
    return Direction.BACKWARD if tighter else Direction.FORWARD


def _resolved(schema: Schema, root: Schema) -> Schema:
    while "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        schema = {**root["$defs"][name], **{key: value for key, value in schema.items() if key != "$ref"}}
    return schema
