"""This module draws the answer of a single search for a terminal: first what must be seen, then who, then whence."""

from collections.abc import Iterable, Iterator, Sequence

from rich.columns import Columns
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from contracts.query import AnswerStatus
from deploy.harmless import harmless
from search.answer import AskedSystem, Datum, SearchAnswer, ShownLink, ShownPerson, ShownReason
from search.findings import Severity
from search.linkage.rules import Colour
from search.linkage.rules import Verdict as LinkageVerdict
from search.reasons import Aspect, Claim, Verdict

_STATUS = {
    AnswerStatus.HIT: ("●", "green"),
    AnswerStatus.NO_HIT: ("○", "white"),
    AnswerStatus.UNAVAILABLE: ("✕", "red"),
    AnswerStatus.TIMED_OUT: ("◌", "yellow"),
}
_LEGEND = {
    AnswerStatus.HIT: "found",
    AnswerStatus.NO_HIT: "nothing found",
    AnswerStatus.UNAVAILABLE: "could not be asked",
    AnswerStatus.TIMED_OUT: "too late",
}
_ALMOST = 0.995
_AT_ONCE_MS = 0.5
"""Whoever was asked took longer: where there is nothing that a source can be asked for, it is none of its time."""
_WORDS = {
    AnswerStatus.UNAVAILABLE: "could not be asked",
    AnswerStatus.TIMED_OUT: "did not answer in time",
}
_SEVERITY = {Severity.STOP: "bold white on red", Severity.CHECK: "bold black on yellow", Severity.KNOW: "bold cyan"}
_VERDICT = {Verdict.SAME: ("=", "green"), Verdict.CLOSE: ("≈", "yellow"), Verdict.DIFFERENT: ("≠", "red")}
_LINKAGE_VERDICT = {
    LinkageVerdict.SAME: _VERDICT[Verdict.SAME],
    LinkageVerdict.SIMILAR: _VERDICT[Verdict.CLOSE],
    LinkageVerdict.DIFFERENT: _VERDICT[Verdict.DIFFERENT],
}
_LINK = {Colour.WHITE: "green", Colour.YELLOW: "bold yellow", Colour.NONE: "dim"}
_LINKED = {Colour.WHITE: "joined ", Colour.YELLOW: "to be judged ", Colour.NONE: "held apart "}
_CERTAIN, _LIKELY, _UNLIKELY = 0.9, 0.75, 0.3


def render(answer: SearchAnswer) -> Iterator[RenderableType]:
    """Draw an answer: a panel for each person, the systems, and what is missing in plain words.

    A record holds whatever was once typed into its system: nothing of it may clear the screen or forge a line.
    """
    answer = SearchAnswer.model_validate(harmless(answer.model_dump()))
    for number, person in enumerate(answer.persons, 1):
        yield _person(number, person)
    if not answer.persons:
        where = "" if answer.complete else " in what answered"
        yield Panel(f"Nobody that fits was found{where}.", border_style="dim")
    yield _systems(answer)
    if answer.left_out:
        fields = ", ".join(field.removeprefix("mrz.").replace("_", " ") for field in answer.left_out)
        yield Text(f"Of the machine readable zone was not searched with: {fields}.", style="bold yellow")
    if not answer.complete:
        yield Text(f"This answer is not complete: {_missing(answer)}.", style="bold yellow")


def _person(number: int, person: ShownPerson) -> Panel:
    head = Text.assemble((person.names[0].value if person.names else "Without a name", "bold"))
    if person.birth_dates:
        head.append(f"   born {', '.join(datum.value for datum in person.birth_dates)}")
    parts: list[RenderableType] = [
        Text.assemble((f" {finding.severity.upper()} ", _SEVERITY[Severity(finding.severity)]), " ", finding.text)
        for finding in person.findings
    ]
    parts.append(_identity(person))
    parts.append(_records(person))
    parts.append(_reasons(person.reasons))
    parts += [_link(link) for link in person.links]
    stop = any(finding.severity == Severity.STOP for finding in person.findings)
    colour = "red" if stop else "yellow" if person.findings else "green" if person.score >= _CERTAIN else "blue"
    title = Text.assemble((f"{number}. ", "dim"), head)
    return Panel(Group(*parts), title=title, title_align="left", subtitle=_certainty(person), border_style=colour)


def _certainty(person: ShownPerson) -> str:
    score = person.score
    if person.claim and score < _UNLIKELY:
        return f"bears {_claimed(person, person.claim)} ({_share(score)})"
    words = "fits" if score >= _CERTAIN else "fits well" if score >= _LIKELY else "may fit"
    return f"{words} ({_share(score)})"


def _claimed(person: ShownPerson, claim: Claim) -> str:
    is_alike = any(reason.aspect is Aspect.NAME and reason.verdict is Verdict.CLOSE for reason in person.reasons)
    if claim is Claim.NUMBER:
        return "that number, of another issuer"
    return "a name like it" if claim is Claim.NAME and is_alike else f"the {claim}"


def _share(score: float) -> str:
    """Write a probability; one that is not 1 is never written as 1."""
    return f"{score:.2f}" if score < _ALMOST else ">0.99"


def _identity(person: ShownPerson) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim")
    table.add_column()
    rows: tuple[tuple[str, Sequence[Datum]], ...] = (
        ("names", person.names),
        ("born", person.birth_dates),
        ("birth place", person.birth_places),
        ("sex", person.sexes),
        ("nationality", person.nationalities),
    )
    for title, data in rows:
        if data:
            table.add_row(title, _sourced((datum.value, datum.sources) for datum in data))
    if person.documents:
        table.add_row(
            "documents",
            _sourced(
                (f"{each.number} {each.issuer or ''} {each.status or ''}".strip(), each.sources)
                for each in person.documents
            ),
        )
    return table


def _sourced(values: Iterable[tuple[str, Sequence[str]]]) -> Text:
    text = Text()
    for index, (value, sources) in enumerate(values):
        text.append("\n" if index else "")
        text.append(value)
        text.append(f"  {', '.join(sources)}", style="dim italic")
    return text


def _records(person: ShownPerson) -> Table:
    table = Table(box=None, padding=(0, 1), header_style="dim", title_justify="left")
    for title in ("record", "contract", "from", "fits"):
        table.add_column(title, overflow="fold")
    for record in person.records:
        score = _share(record.score) if record.score else ""
        table.add_row(record.record, record.contract, " + ".join(record.origins), score, style="dim")
    return table


def _reasons(reasons: Sequence[ShownReason]) -> Text:
    """Say what was compared, and the bits of evidence that each adds or takes: one doubles or halves the odds."""
    text = Text("why  ", style="dim")
    for index, reason in enumerate(reasons):
        sign, colour = _VERDICT[reason.verdict]
        text.append("; " if index else "")
        text.append(f"{reason.weight:+.1f} ", style="bold")
        text.append(f"{reason.aspect.value} ", style="dim")
        if reason.aspect is not Aspect.RARITY:
            text.append(f"{reason.asked} ", style="none")
            text.append(f"{sign} ", style=f"bold {colour}")
        text.append(reason.held, style="none")
    return text


def _link(link: ShownLink) -> Text:
    """Say whom a rule joins, or of whom a person has to judge or judged, and by which fields both can be compared."""
    text = Text("link ", style="dim")
    text.append(_LINKED[link.link], style=_LINK[link.link])
    text.append(f"{', '.join(link.of)} and {', '.join(link.others)}: {link.rule}{f' ({link.by})' if link.by else ''}")
    for field, verdict in link.verdicts.items():
        if verdict is not LinkageVerdict.UNKNOWN:
            sign, colour = _LINKAGE_VERDICT[verdict]
            text.append(f"; {field.replace('_', ' ')} ", style="dim")
            text.append(sign, style=f"bold {colour}")
    text.append(f"  rules {link.version}", style="dim italic")
    return text


def _systems(answer: SearchAnswer) -> RenderableType:
    """Say what came of asking each system, and what the marks mean; a line breaks between two of them, never in one."""
    told = [_system(system) for system in answer.systems]
    seen = {system.status for system in answer.systems}
    marks = [Text(f"{_STATUS[status][0]} {word}", style="dim") for status, word in _LEGEND.items() if status in seen]
    return Group(
        Columns([*told, Text(f"in all {answer.elapsed_ms:.0f} ms", style="dim")], padding=(0, 3)),
        Columns(marks, padding=(0, 3)),
    )


def _system(system: AskedSystem) -> Text:
    sign, colour = _STATUS[system.status]
    return Text.assemble((f"{sign} {system.system}", colour), (f" {_time(system)}", "dim"))


def _time(system: AskedSystem) -> str:
    if system.elapsed_ms >= _AT_ONCE_MS:
        return f"{system.elapsed_ms:.0f} ms"
    return "by the finger" if system.status is AnswerStatus.HIT else "not asked"


def _missing(answer: SearchAnswer) -> str:
    return (
        "; ".join(_told(system) for system in answer.systems if _told(system))
        or "more fits than is shown, or than was compared"
    )


def _told(system: AskedSystem) -> str:
    if words := _WORDS.get(system.status):
        return f"{system.system} {words}"
    return f"{system.system} holds more than it sent" if system.truncated else ""
