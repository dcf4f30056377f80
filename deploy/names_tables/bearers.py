"""This module makes the table `bearers`, given names that say a man or a woman, from the lists of the package Faker.

Run as `python -m deploy.names_tables.bearers` it writes the table anew. A name counts that at least two countries list
for one sex, and hardly any for the other: Andrea is a man in Italy.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from deploy.names_tables.common import ALPHABETS, SHORTEST, providers
from deploy.names_tables.han import TABLES
from search.names.latin import latin
from search.names.units import script_of

LISTED = 2  # countries; what only one lists is rare, or a mistake
OF_OTHERS = 0.05  # of the countries that list it, which may list it for the other sex


def bearers() -> Iterator[tuple[str, str]]:
    """Give the names in the letters a to z, each with `man` or `woman`."""
    men, women = Counter[str](), Counter[str]()
    for provider in providers():
        men.update(_names(provider, "first_names_male"))
        women.update(_names(provider, "first_names_female"))
    for name in sorted(men.keys() | women.keys()):
        for sex, those, others in (("man", men, women), ("woman", women, men)):
            if those[name] >= LISTED and others[name] <= OF_OTHERS * those[name]:
                yield name, sex


def _names(provider: Any, listed: str) -> set[str]:
    written = (latin(name) for name in getattr(provider, listed, ()) if name and script_of(name[0]) in ALPHABETS)
    return {name for name in written if len(name) >= SHORTEST and name.isalpha()}


def main() -> None:
    """Write the table."""
    lines = (f"{name}\t{sex}\n" for name, sex in bearers())
    (TABLES / "bearers.tsv").write_text("name\tborne by\n" + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
