"""This module makes elements of HTML and SVG, with everything escaped that comes from outside."""

from collections.abc import Iterable, Mapping
from xml.etree.ElementTree import Element, tostring

Node = Element | str
Value = str | float


def element(tag: str, *inside: Node | Iterable[Node], **attributes: Value) -> Element:
    """Make an element; `class_` and `text_anchor` are written `class` and `text-anchor`, numbers with one digit."""
    made = Element(tag, {_name(name): _value(value) for name, value in attributes.items()})
    return _filled(made, inside)


def attributed(tag: str, attributes: Mapping[str, str], *inside: Node | Iterable[Node]) -> Element:
    """Make an element whose attributes have names that Python does not take."""
    return _filled(Element(tag, dict(attributes)), inside)


def written(page: Element) -> str:
    """Write a page of HTML."""
    return "<!doctype html>\n" + tostring(page, encoding="unicode", method="html") + "\n"


def _filled(made: Element, inside: Iterable[Node | Iterable[Node]]) -> Element:
    for node in _flat(inside):
        if isinstance(node, str):
            _add_text(made, node)
        else:
            made.append(node)
    return made


def _flat(inside: Iterable[Node | Iterable[Node]]) -> Iterable[Node]:
    for node in inside:
        # An element is iterable, too: over what is in it.
        if isinstance(node, str | Element):
            yield node
        else:
            yield from node


def _add_text(parent: Element, text: str) -> None:
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def _name(name: str) -> str:
    return name.rstrip("_").replace("_", "-")


def _value(value: Value) -> str:
    return value if isinstance(value, str) else f"{value:.1f}".removesuffix(".0")
