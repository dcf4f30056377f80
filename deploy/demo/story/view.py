"""This module shows an answer of the single search in a few lines: what must be seen, what each system said."""

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.text import Text

from contracts.query import AnswerStatus
from search.answer import SearchAnswer, ShownPerson

SEVERITY_STYLES = {"stop": "bold red", "check": "bold yellow", "know": "cyan"}
STATUS_STYLES = {
    AnswerStatus.HIT: "green",
    AnswerStatus.NO_HIT: "dim",
    AnswerStatus.UNAVAILABLE: "red",
    AnswerStatus.TIMED_OUT: "red",
}
SHOWN_PERSONS = 2
SHOWN_NAMES = 4


def view(answer: SearchAnswer) -> RenderableType:
    """Show the first persons of an answer and the line of systems."""
    persons = [_person(person) for person in answer.persons[:SHOWN_PERSONS]]
    more = len(answer.persons) - SHOWN_PERSONS
    rest = [Text(f"and {more} less likely", style="dim")] if more > 0 else []
    found: list[RenderableType] = [*persons] or [Text("Nobody was found.")]
    return Group(*found, *rest, _systems(answer))


def _person(person: ShownPerson) -> Panel:
    lines = [Text(finding.text, style=SEVERITY_STYLES.get(finding.severity, "")) for finding in person.findings]
    names = list(dict.fromkeys(datum.value for datum in person.names))[:SHOWN_NAMES]
    births = ", ".join(datum.value for datum in person.birth_dates)
    nations = ", ".join(datum.value for datum in person.nationalities)
    lines.append(Text(" · ".join(part for part in (births, nations) if part)))
    count = len(person.records)
    records = "1 record" if count == 1 else f"{count} records"
    lines.append(Text(f"{records} of {', '.join(person.sources)}", style="dim"))
    title = Text.assemble((" / ".join(names) or "without a name", "bold"), f"  {person.score:.2f}")
    return Panel(Group(*lines), title=title, title_align="left", expand=False)


def _systems(answer: SearchAnswer) -> Text:
    line = Text("asked: ")
    for asked in answer.systems:
        line.append(f"{asked.system} {asked.status.value.replace('_', ' ')}", STATUS_STYLES[asked.status])
        line.append(f" {asked.elapsed_ms:.0f} ms  ", "dim")
    line.append("complete" if answer.complete else "NOT complete", "green" if answer.complete else "bold red")
    return line.append(f", {answer.elapsed_ms:.0f} ms in all")
