"""This module writes the questions of the load: people of the population, by name and birth date."""

import json
import random
from itertools import cycle, islice

from deploy.demo.population.population import Population

SYSTEMS = ("entry-exit", "alerts")
"""The live systems that are asked beside the repository."""
PURPOSE = "border-check"


def questions(population: Population, count: int, seed: int) -> list[bytes]:
    """Give the bodies of `count` searches, each for another traveller as long as there are enough."""
    rng = random.Random(seed)  # noqa: S311  it has to be the same choice each time, not a secret one
    known = [
        traveller.holder
        for traveller in population.holdings.travellers
        if traveller.holder.birth is not None and traveller.holder.spelling.given
    ]
    rng.shuffle(known)
    return [_question(holder.spelling.full, str(holder.birth)) for holder in islice(cycle(known), count)]


def _question(name: str, birth_date: str) -> bytes:
    return json.dumps({"purpose": PURPOSE, "name": name, "birth_date": birth_date}).encode()
