"""This module is `isthmus search`: one question over all systems, and the answer as an officer likes to read it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from contracts.identity import Sex
from contracts.query import Purpose
from deploy.exits import Exit
from deploy.finger_service import sample_to_send
from deploy.fingers import there
from deploy.local.stack import Stack
from deploy.operator import ask
from deploy.search_view import render
from hub.security.principal import Scope
from search.answer import SearchAnswer
from search.request import InDoubt

app = typer.Typer(rich_markup_mode="markdown")
PRINT = Console()


OPTIONS = {
    "purpose": "--purpose",
    "names": "--name",
    "family": "--family",
    "given": "--given",
    "birth_date": "--born",
    "nationality": "--nationality",
    "sex": "--sex",
    "document": "--document",
    "document.issuer": "--issuer",
    "mrz": "--mrz",
    "mrz_in_doubt": "--mrz-in-doubt",
    "finger": "--finger",
    "finger.dpi": "--dpi",
    "legal_basis": "--legal-basis",
}
"""Where each field of the request comes from."""

_NAME = "write 1 to 300 characters"
_COUNTRY = "write the three letters of a country, such as UTO"
FORMS = {
    "--name": f"{_NAME}, in ten names at most",
    "--family": _NAME,
    "--given": _NAME,
    "--born": "write 1960, 1960-08 or 1960-08-11, and a day that there is",
    "--nationality": _COUNTRY,
    "--document": "write its number in the letters A to Z and digits, 40 at most",
    "--issuer": _COUNTRY,
    "--mrz": "give each of the two or three lines by an --mrz of its own",
    "--finger": "give a file",
    "--dpi": "write 100 to 2000",
    "--legal-basis": "write 300 characters at most",
}
"""How that which is not right is written."""


@app.command()
def search(
    purpose: Annotated[Purpose, typer.Option(help="What the search is for; it is recorded.")],
    name: Annotated[list[str] | None, typer.Option(help="A name, in any order and script; several may stand.")] = None,
    family: Annotated[str | None, typer.Option(help="The family name.")] = None,
    given: Annotated[str | None, typer.Option(help="The given names.")] = None,
    born: Annotated[
        str | None,
        typer.Option(
            help="1960, 1960-08 or 1960-08-11; also as a calendar of Iran, of Islam or of Thailand writes it."
        ),
    ] = None,
    nationality: Annotated[str | None, typer.Option(help="Three letters, such as UTO.")] = None,
    sex: Annotated[Sex | None, typer.Option(help="As a travel document states it.")] = None,
    document: Annotated[str | None, typer.Option(help="The number of a document.")] = None,
    issuer: Annotated[str | None, typer.Option(help="Who issued the document; three letters.")] = None,
    mrz: Annotated[list[str] | None, typer.Option(help="A line of the machine readable zone; give each.")] = None,
    mrz_in_doubt: Annotated[
        InDoubt | None, typer.Option(help="A zone that was misread: refuse it, or leave out what is in doubt.")
    ] = None,
    finger: Annotated[Path | None, typer.Option(help="An image or template of a finger.")] = None,
    dpi: Annotated[
        int | None, typer.Option(help="The resolution of the finger's image, unless its file tells.")
    ] = None,
    legal_basis: Annotated[str | None, typer.Option(help="Where the law asks for it; it is recorded.")] = None,
    user: Annotated[str | None, typer.Option(help="Who asks; the person at the machine unless said.")] = None,
    stack: Annotated[str, typer.Option(envvar="ISTHMUS_STACK", help="The stack to ask.")] = "local",
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
) -> None:
    """Ask the repository, the connected systems and biometrics at once.

    The exit status is 0 also where nobody is found.

    Example: `isthmus search --name "Ada Testova" --born 1984-05 --purpose border-check`
    """
    body: dict[str, Any] = {
        "purpose": purpose,
        "names": name,
        "family": family,
        "given": given,
        "birth_date": born,
        "nationality": nationality,
        "sex": sex,
        "document": _told({"number": document, "issuer": issuer}),
        "mrz": mrz,
        "mrz_in_doubt": mrz_in_doubt,
        "finger": sample_to_send(there(finger), dpi=dpi) if finger else _told({"dpi": dpi}),
        "legal_basis": legal_basis,
    }
    scopes: list[str] = [Scope.SEARCH, *([Scope.IDENTIFY] if finger else [])]
    answer = ask(
        Stack.known(stack).must_be_up(),
        "search",
        "POST",
        "/v1/search",
        scopes=scopes,
        body=_told(body),
        user=user,
        options=OPTIONS,
        forms=FORMS,
    )
    if as_json:
        typer.echo(json.dumps(answer, indent=2, ensure_ascii=False))
    read = SearchAnswer.model_validate(answer)
    if not as_json:
        for part in render(read):
            PRINT.print(part)
    raise typer.Exit(Exit.DONE if read.complete else Exit.PARTLY)


def _told(fields: Mapping[str, Any]) -> dict[str, Any] | None:
    """Leave out what was not typed; an empty text was, and is refused sooner than a person sought without it."""
    return {field: value for field, value in fields.items() if value not in (None, [])} or None
