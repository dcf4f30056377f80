"""This module makes the table `given_in_japan`: usual readings of Japanese given names, from the table `sudachi`.

Run as `python -m deploy.names_tables.given_in_japan` it writes the table anew. A reading counts that is the first of
several ways to write it, its long vowels short, as passports have them.
"""

from collections import Counter

from deploy.names_tables.han import TABLES
from search.names import data
from search.names.aloud import short

WAYS = 3  # to write a name, from which on it is common


def readings() -> list[str]:
    """Give the readings in the order of the alphabet."""
    ways = Counter(short(given.split()[0]) for _, _, given in data.rows("sudachi") if given)
    return sorted(reading for reading, times in ways.items() if times >= WAYS)


def main() -> None:
    """Write the table."""
    lines = "".join(f"{reading}\n" for reading in readings())
    (TABLES / "given_in_japan.tsv").write_text(f"reading\n{lines}", encoding="utf-8")


if __name__ == "__main__":
    main()
