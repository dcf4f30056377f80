"""This module writes the account of a comparison as one page of HTML: no script, nothing from elsewhere."""

from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

from biometrics.explanation.account import Account, Side
from biometrics.explanation.drawing import described, mark, prints, score_bar
from biometrics.explanation.elements import Node, attributed, element, written
from biometrics.explanation.style import STYLE
from biometrics.formats.minutiae import Minutia, MinutiaKind

_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_MADE_BY = "isthmus biometrics explain"
_BEGINNING = 512
"""Bytes of a page that hold what tells that it is one."""
_SHARE = "minutiaFraction"
_PARTS = (
    ("Pairs of minutiae", "minutiaCount", "minutiaScore"),
    ("Share of all minutiae that are paired", _SHARE, "minutiaFractionScore"),
    ("Lines between pairs whose length and directions agree", "edgeCount", "edgeScore"),
    ("Pairs that other lines confirm", "supportedMinutiaCount", "supportedMinutiaScore"),
    ("Pairs of one kind, ending or fork", "minutiaTypeHits", "minutiaTypeScore"),
    ("Difference of lengths, all together, in pixels", "distanceErrorSum", "distanceAccuracyScore"),
    ("Difference of directions, all together, in radians", "angleErrorSum", "angleAccuracyScore"),
)
"""What the engine counts, what it gives for it (SourceAFIS, `ScoringData`), and how that is said here."""
_TOGETHER = "Both, calibrated by the minutiae that image and view of either print agree on: the score"


def write_page(account: Account) -> bytes:
    """Write the page; the prints lie in it, so that it is as much a secret as they are.

    Bytes of a file's name that are no text are escaped.
    """
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="generator", content=_MADE_BY),
        attributed("meta", {"http-equiv": "Content-Security-Policy", "content": _POLICY}),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="robots", content="noindex"),
        element("title", f"Comparison of {account.probe.name} and {account.candidate.name}"),
        element("style", STYLE),
    )
    body = element("body", element("main", _verdict(account), _picture(account), _tables(account)), _foot(account))
    return written(element("html", head, body, lang="en")).encode(errors="backslashreplace")


def is_page(data: bytes) -> bool:
    """Tell whether a file is such a page, which can be made anew of the two prints."""
    return f'<meta name="generator" content="{_MADE_BY}">'.encode() in data[:_BEGINNING]


def _verdict(account: Account) -> Iterator[Element]:
    decision = account.decision
    word, style = ("Match", "match") if decision.match else ("No match", "no-match")
    names = f"{account.probe.name} (probe) and {account.candidate.name} (candidate)"
    yield element("h1", "Comparison of two fingerprints")
    yield element("p", names, class_="soft")
    yield element("p", word, class_=f"verdict {style}")
    yield element("p", _reason(account))
    yield score_bar(account)


def _reason(account: Account) -> str:
    """Say what the decision rests on."""
    decision = account.decision
    relation = "reaches" if decision.match else "does not reach"
    among = "a comparison" if account.comparisons == 1 else f"a search among {account.comparisons:,} templates"
    return (
        f"The score of {decision.score:.1f} {relation} the threshold of {decision.threshold:.1f}, above which {among} "
        f"takes different fingers for the same with a probability of {_rate(decision.rate)} at most."
    )


def _picture(account: Account) -> Iterator[Element]:
    by_chance = "" if account.decision.match else " A few pairs agree by chance in any two prints."
    yield element("h2", "Minutiae and pairs")
    yield element(
        "figure",
        prints(account),
        element(
            "figcaption",
            described(account),
            " Both prints are drawn on one scale, the images paler than they are.",
            by_chance,
        ),
    )
    keys = (
        (MinutiaKind.ENDING, True, "ridge ending, paired"),
        (MinutiaKind.BIFURCATION, True, "fork, paired"),
        (MinutiaKind.ENDING, False, "ridge ending without a partner"),
        (MinutiaKind.BIFURCATION, False, "fork without a partner"),
    )
    yield element(
        "ul",
        (element("li", mark(kind, paired=paired), said) for kind, paired, said in keys),
        element(
            "li",
            "The line at a mark shows where its ridge runs. Equal numbers are one pair; pair 1 was found first, "
            "and the others by way of the thick lines.",
        ),
        class_="legend",
    )


def _tables(account: Account) -> Iterator[Element]:
    yield element("h2", "The two prints")
    yield _facts(account)
    for side in (account.probe, account.candidate):
        yield from _remarks(side)
    yield element("h2", "What the score is made of")
    yield _parts(account)
    if account.pairing.pairs:
        yield element("h2", "Every pair")
        yield _pairs(account)


def _facts(account: Account) -> Element:
    probe, candidate = (_told(side) for side in (account.probe, account.candidate))
    names = list(dict.fromkeys([*probe, *candidate]))
    return _table(
        "What is known of each.",
        ("", account.probe.role, account.candidate.role),
        ((name, probe.get(name, "not known"), candidate.get(name, "not known")) for name in names),
    )


def _told(side: Side) -> dict[str, str]:
    endings, forks = (side.count(kind) for kind in (MinutiaKind.ENDING, MinutiaKind.BIFURCATION))
    found = f"{len(side.features.minutiae)} ({endings} endings, {forks} forks)"
    return {"file": side.name, **dict(side.facts), "minutiae": found}


def _remarks(side: Side) -> Iterator[Element]:
    for words in (*side.notes, *side.advice):
        yield element("p", element("strong", f"{side.role}: "), words)


def _parts(account: Account) -> Element:
    parts = account.pairing.parts
    rows = [
        (said, _count(count, parts[count]), f"{parts[points]:.1f}") for said, count, points in _PARTS if count in parts
    ]
    if parts:
        rows.append(("Together", "", f"{parts['totalScore']:.1f}"))
        rows.append(("On the scale of false match rates: the score of the images", "", f"{account.pairing.score:.1f}"))
    else:
        rows.append(("No two minutiae agree: the score of the images", "", f"{account.pairing.score:.1f}"))
    if account.fusion:
        probe, candidate = account.fusion.agreed
        rows.append(("The same of their drawn views: the score of the views", "", f"{account.fusion.view:.1f}"))
        rows.append((_TOGETHER, f"{probe} and {candidate}", f"{account.decision.score:.1f}"))
    return _table("What the engine counted, and the points that it gave.", ("", "count", "points"), rows, numbers=2)


def _pairs(account: Account) -> Element:
    rows = (
        (str(number), *_minutia(one), *_minutia(other), "yes" if one.kind is other.kind else "no")
        for number, (one, other) in enumerate(account.matched(), 1)
    )
    heads = ("pair", "probe", "x, y", "direction", "candidate", "x, y", "direction", "same kind")
    caption = "Places in pixels at 500 dpi from the upper left, directions in degrees counterclockwise from the right."
    return _table(caption, heads, rows)


def _minutia(minutia: Minutia) -> tuple[str, str, str]:
    kind = {MinutiaKind.ENDING: "ending", MinutiaKind.BIFURCATION: "fork"}.get(minutia.kind, "other")
    return kind, f"{minutia.x}, {minutia.y}", f"{minutia.angle:.0f}°"


def _table(caption: str, heads: tuple[str, ...], rows: Iterable[tuple[str, ...]], numbers: int = 0) -> Element:
    """Make a table whose first column names its rows; the last `numbers` columns are set to the right."""

    def style(place: int) -> dict[str, str]:
        return {"class_": "right"} if place >= len(heads) - numbers else {}

    def row(cells: tuple[str, ...]) -> Element:
        first, *others = cells
        return element(
            "tr",
            element("th", first, scope="row"),
            (element("td", cell, **style(place)) for place, cell in enumerate(others, 1)),
        )

    head: Iterator[Node] = (element("th", name, scope="col", **style(place)) for place, name in enumerate(heads))
    table = element(
        "table",
        element("caption", caption),
        element("thead", element("tr", head)),
        element("tbody", (row(cells) for cells in rows)),
    )
    return element("div", table, class_="wide")


def _foot(account: Account) -> Element:
    return element(
        "footer",
        element(
            "p",
            f"Compared by {account.engine} on {account.at:%Y-%m-%d at %H:%M} UTC. The pairs are those that the engine "
            "found in the images as they are; it weighs them by statistics, and no examiner has judged them. Rates "
            "were measured on public sets of prints, or are those of the engine's documentation; on other sensors and "
            "skins they differ.",
        ),
        element("p", "This page holds images of fingerprints, which identify persons. Keep it as you keep those."),
    )


def _count(name: str, value: float) -> str:
    if name == _SHARE:
        return f"{value * 100:.0f} %"
    return f"{value:,.0f}" if value == int(value) else f"{value:.1f}"


def _rate(rate: float) -> str:
    return f"{rate * 100:.4f}".rstrip("0").rstrip(".") + " %"
