"""This module declares a list of persons under restrictive measures, from the annexes of legal acts: an example.

The list is a CSV file (compressed or not) with prose in its fields: several birth dates in one, aliases in several
scripts, passport numbers with countries in brackets. Act, annex and number tell a record; act and number alone repeat.
"""

from adapters.conversions.countries import nationalities_in
from adapters.conversions.names import listed_names, whole_name
from adapters.conversions.prose import dates_in, documents_in
from adapters.declaration import Adapter, File, Natural, Stream
from adapters.row import Row
from contracts.identity import IdentityData, NameKind, Sex
from contracts.records import AlertAction, AlertCategory, AlertV1

SEXES = {"male": Sex.MALE, "female": Sex.FEMALE, "": Sex.UNKNOWN}


def listing(row: Row) -> AlertV1:
    """Map one listed person."""
    names = whole_name(row["name"]) + listed_names(row["alias"], NameKind.ALIAS)
    names += listed_names(row["weakAlias"], NameKind.ALIAS) + listed_names(row["previousName"], NameKind.PREVIOUS)
    person = IdentityData(
        names=tuple(names),
        birth_dates=dates_in(row["birthDate"]),
        birth_place=(row.text("birthPlace") or "")[:300] or None,  # a few tell a whole story there
        sex=SEXES[row["gender"].lower()],
        nationalities=nationalities_in(row["nationality"]),
    )
    return AlertV1(
        **row.own,
        subject=row.record,
        category=AlertCategory.SANCTION,
        action=AlertAction.CONTACT_OWNER,
        person=person,
        documents=documents_in(row["passportNumber"]),
        issued_at=next(iter(dates_in(row["startDate"])), None),
    )


ADAPTER = Adapter(
    system="eu-journal",
    owner="Publications office, list of restrictive measures",
    purpose="law-enforcement",
    legal_basis="Treaty on the Functioning of the European Union, art. 215",
    streams=(
        Stream("listing", AlertV1, File("*persons*.csv*"), key=Natural("celex", "annex", "recordId"), map=listing),
    ),
)
