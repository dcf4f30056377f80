"""This module has PostgreSQL's times handed over as text where Python cannot hold them: `infinity`, BC, year 10000.

The driver would refuse the whole result because of one such value. As text it costs its own row at most: a mapping that
needs the time stumbles over it and names the column, and as a time of change it is an unknown one.
"""

from psycopg import DataError
from psycopg.abc import AdaptContext, Buffer
from psycopg.abc import Loader as AnyLoader
from psycopg.adapt import AdaptersMap, Loader
from psycopg.pq import Format

TYPES = ("date", "timestamp", "timestamptz", "time", "timetz")


def hand_over_as_text(adapters: AdaptersMap) -> None:
    """Have a connection with these adapters give such values as PostgreSQL writes them."""
    for name in TYPES:
        oid = adapters.types[name].oid
        strict = adapters.get_loader(oid, Format.TEXT)
        assert strict is not None
        adapters.register_loader(oid, _tolerant(strict))


def _tolerant(strict: type[AnyLoader]) -> type[Loader]:
    class Tolerant(Loader):
        """Loads what `strict` can, and gives the rest as text."""

        def __init__(self, oid: int, context: AdaptContext | None = None) -> None:
            super().__init__(oid, context)
            self._load = strict(oid, context).load

        def load(self, data: Buffer) -> object:
            try:
                return self._load(data)
            except DataError:
                return bytes(data).decode()

    return Tolerant
