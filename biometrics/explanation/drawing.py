"""This module draws two prints side by side with their minutiae and pairs, and their score beside the threshold."""

import base64
import math
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from biometrics.explanation.account import Account, Side
from biometrics.explanation.elements import element
from biometrics.formats.minutiae import Minutia, MinutiaKind
from biometrics.formats.pictures import write_png

GAP = 56
"""Pixels at 500 dpi between the prints: lines that go across can be followed there."""
HEAD = 22
RADIUS, TAIL = 4.2, 11.0
"""Pixels of a mark, and of the line that shows where its ridge runs."""
BAR_WIDTH, BAR_HEIGHT = 560, 58
ROOM = 1.15
"""What lies right of the higher of score and threshold."""


def prints(account: Account) -> Element:
    """Draw both prints, on one scale; pairs have one number on both sides, and a line between."""
    probe, candidate = account.probe, account.candidate
    left = probe.features.width + GAP
    width = left + candidate.features.width
    height = HEAD + max(probe.features.height, candidate.features.height)
    pairs = account.matched()
    return element(
        "svg",
        element("title", f"{probe.role} and {candidate.role} side by side, with their minutiae"),
        element("desc", described(account)),
        _side(account, probe, 0, [one for one, _ in pairs]),
        _side(account, candidate, left, [other for _, other in pairs]),
        element("g", (_across(number, pair, left) for number, pair in enumerate(pairs, 1)), class_="across"),
        role="img",
        viewBox=f"0 0 {width} {height}",
        class_="prints",
    )


def described(account: Account) -> str:
    """Say in words what the picture shows."""
    probe, candidate = account.probe, account.candidate
    counts = "; ".join(
        f"the {side.role} {side.name} has {side.count(MinutiaKind.ENDING)} ridge endings and "
        f"{side.count(MinutiaKind.BIFURCATION)} forks"
        for side in (probe, candidate)
    )
    return (
        f"Two prints: {counts}. {len(account.pairing.pairs)} pairs of them were taken for the same; "
        "the table below lists each."
    )


def score_bar(account: Account) -> Element:
    """Draw the score on a line, beside the threshold."""
    decision = account.decision
    most = ROOM * max(decision.score, decision.threshold, 1.0)
    score, threshold = (BAR_WIDTH * value / most for value in (decision.score, decision.threshold))
    verdict = "match" if decision.match else "no-match"
    relation = "reaches" if decision.match else "is below"
    return element(
        "svg",
        element("title", f"Score {decision.score:.1f} {relation} the threshold of {decision.threshold:.1f}"),
        element("rect", x=0, y=24, width=BAR_WIDTH, height=12, rx=6, class_="track"),
        element("rect", x=0, y=24, width=max(score, 1.0), height=12, rx=6, class_=f"score {verdict}"),
        element("line", x1=threshold, y1=16, x2=threshold, y2=44, class_="threshold"),
        element("text", f"threshold {decision.threshold:.1f}", x=threshold, y=12, **_anchored(threshold)),
        element("text", f"score {decision.score:.1f}", x=score, y=55, class_="strong", **_anchored(score)),
        role="img",
        viewBox=f"-2 0 {BAR_WIDTH + 4} {BAR_HEIGHT}",
        class_="bar",
    )


def mark(kind: MinutiaKind, *, paired: bool) -> Element:
    """Draw a mark by itself, for the legend."""
    minutia = Minutia(kind, 8, 12, 45.0)
    return element(
        "svg", _mark(minutia, "paired" if paired else "single"), viewBox="0 0 22 22", class_="key", aria_hidden="true"
    )


def _anchored(x: float) -> dict[str, str]:
    """Keep a text on the line's ends within the picture."""
    return {"text_anchor": "start" if x < BAR_WIDTH / 8 else "end" if x > BAR_WIDTH * 7 / 8 else "middle"}


def _side(account: Account, side: Side, x: int, paired: list[Minutia]) -> Element:
    features = side.features
    matched = {id(minutia) for minutia in paired}
    single = [minutia for minutia in features.minutiae if id(minutia) not in matched]
    edges = [(paired[one], paired[other]) for one, other in account.pairing.edges]
    return element(
        "g",
        element("text", f"{side.role}: {side.name}", x=0, y=14, class_="name"),
        element(
            "g",
            _paper(side),
            element("g", (_line(one, other) for one, other in edges), class_="edges"),
            element("g", (_mark(each, "single") for each in single)),
            element("g", (_numbered(number, each) for number, each in enumerate(paired, 1))),
            transform=f"translate(0 {HEAD})",
        ),
        transform=f"translate({x} 0)",
    )


def _paper(side: Side) -> Iterator[Element]:
    """Draw the image, paled so that marks stand out; empty paper where a template was given."""
    size = {"width": side.features.width, "height": side.features.height}
    yield element("rect", x=0, y=0, class_="paper", **size)
    if side.image is not None:
        data = base64.b64encode(write_png(side.image)).decode()
        picture = element("image", element("title", f"The image of the {side.role}"), x=0, y=0, **size)
        picture.set("href", f"data:image/png;base64,{data}")
        yield picture


def _numbered(number: int, minutia: Minutia) -> Element:
    dx, dy = _towards(minutia, -(RADIUS + 6.0))
    return element(
        "g",
        element("title", f"{number}: {_said(minutia)}"),
        _mark(minutia, "paired"),
        element("text", str(number), x=minutia.x + dx, y=minutia.y + dy + 3.0, class_="number"),
    )


def _mark(minutia: Minutia, style: str) -> Element:
    """Draw a minutia: a ring where a ridge ends, a square where it forks, and a line along the ridge."""
    x, y = minutia.x, minutia.y
    (near_x, near_y), (far_x, far_y) = _towards(minutia, RADIUS), _towards(minutia, TAIL)
    tail = element("line", x1=x + near_x, y1=y + near_y, x2=x + far_x, y2=y + far_y)
    if minutia.kind is MinutiaKind.BIFURCATION:
        side = 2 * RADIUS * 0.88
        shape = element("rect", x=x - side / 2, y=y - side / 2, width=side, height=side)
    else:
        shape = element("circle", cx=x, cy=y, r=RADIUS)
    return element("g", tail, shape, class_=f"mark {style}")


def _line(one: Minutia, other: Minutia) -> Element:
    return element("line", x1=one.x, y1=one.y, x2=other.x, y2=other.y)


def _across(number: int, pair: tuple[Minutia, Minutia], left: int) -> Element:
    one, other = pair
    return element(
        "line",
        element("title", f"Pair {number}"),
        x1=one.x,
        y1=one.y + HEAD,
        x2=left + other.x,
        y2=other.y + HEAD,
    )


def _towards(minutia: Minutia, length: float) -> tuple[float, float]:
    """Go along the ridge; angles are counterclockwise, and an image counts from its top."""
    angle = math.radians(minutia.angle)
    return length * math.cos(angle), -length * math.sin(angle)


def _said(minutia: Minutia) -> str:
    kind = "fork" if minutia.kind is MinutiaKind.BIFURCATION else "ridge ending"
    return f"{kind} at {minutia.x}, {minutia.y}, {minutia.angle:.0f}°"
