"""This module tells in a sentence what a database refused: which table, column or right is missing, and what to do."""

import re
from urllib.parse import unquote

from sqlalchemy.engine import URL

NO_TABLE = "There is no table {table} for this account; correct the declaration, or let the account see it."
NO_COLUMN = "The table {table} has no column {column}; correct the declaration."
NO_FILE = "The database file {place} cannot be opened; correct its path, or let the account read it."
REFUSED = "The database {place} refuses the account; correct its name or password in the source."
_SENTENCES = {  # by SQLSTATE
    "42P01": NO_TABLE,
    "42703": NO_COLUMN,
    "42501": "The account may not read the table {table}; grant it SELECT.",
    "28000": REFUSED,
    "28P01": REFUSED,
    "3D000": "There is no database {place}; correct the source.",
}
_SAID = {  # patterns of what is said by SQLite, and by PostgreSQL to one who is not yet connected
    "no such table": NO_TABLE,
    "no such column": NO_COLUMN,
    "unable to open": NO_FILE,
    "file is not a database": "The file {place} is no SQLite database; correct the source.",
    "authentication failed": REFUSED,
    'role "[^"]*" does not exist': REFUSED,
    'database "[^"]*" does not exist': _SENTENCES["3D000"],
}
_OTHER = "The database {place} does not answer as it should for the table {table} ({kind}); see that it runs there."
_COLUMN = re.compile(r'column:? "?([\w.]+)')


def told(error: Exception, table: str, url: URL) -> str:
    """Give the sentence for what the driver raised; it holds names of the declaration, never a value or a password."""
    cause = getattr(error, "orig", None) or error
    text = str(cause).partition("\nLINE")[0]
    by_text = next((sentence for said, sentence in _SAID.items() if re.search(said, text)), _OTHER)
    sentence = _SENTENCES.get(getattr(cause, "sqlstate", None) or "", by_text)
    column = _COLUMN.search(text)
    name = column[1] if column else "of a declared name"
    return sentence.format(table=table, column=name, place=place(url), kind=type(cause).__name__)


def place(url: URL) -> str:
    """Name a database without its account."""
    if url.get_backend_name() == "sqlite":
        return unquote((url.database or "").removeprefix("file:"))
    port = f":{url.port}" if url.port else ""
    return f"{url.host or ''}{port}/{url.database or ''}"
