"""This module keeps what an adapter must not forget: one SQLite file a stream, with its position and its records.

For every record it holds what was seen last (`token`: time of change or digest), the version that was published last,
whether stores hold the record now, and whether it stands `behind` its row, which could not be published since. All this
is true of one Kafka cluster, whose id is kept too. Memory stays bounded whatever the size of the source: key sets live
in the file.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, Self

_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS record (
    key TEXT PRIMARY KEY, token BLOB NOT NULL, version INTEGER NOT NULL, live INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS behind (key TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE seen (key TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE marked (key TEXT PRIMARY KEY, token TEXT NOT NULL) WITHOUT ROWID;
CREATE TEMP TABLE missed (number INTEGER PRIMARY KEY, source_key TEXT NOT NULL);
"""
_NOTHING_IS_CONFIRMED = """
UPDATE record SET token = CASE
    WHEN (live AND key NOT IN (SELECT key FROM behind)) OR token LIKE '%-ended' THEN '?' || token
    ELSE '?'
END WHERE token NOT LIKE '?%'
"""
SCHEMA_VERSION = "1"
CHUNK = 1_000

Token = int | str


class Known(NamedTuple):
    """What is kept of a record."""

    token: Token
    version: int
    live: bool


def intended(token: Token) -> Token:
    """Mark a token as one whose event was sent, perhaps, but not confirmed; or by another Kafka cluster only."""
    return f"?{token}"


class StreamState:
    """The memory of one stream. Not for several threads at once."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        # A power failure may take the last commits: the rows are then read again, with the same ids.
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(_SCHEMA)
        self._db.execute("INSERT OR IGNORE INTO meta VALUES ('schema', ?)", (SCHEMA_VERSION,))

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def position(self) -> str | None:
        """Give the position that was committed last."""
        row = self._db.execute("SELECT value FROM meta WHERE name = 'position'").fetchone()
        return None if row is None else str(row[0])

    def writes_to(self, cluster: str) -> bool:
        """Note to which Kafka cluster is written, by its id; tell whether that was another one until now.

        Nothing is then confirmed any more, not even what had ended: rows are read from the beginning, and published
        under the ids that they had. A token that no event of this version has, as that of a row at fault, is forgotten:
        whatever the row makes now is a higher version.
        """
        row = self._db.execute("SELECT value FROM meta WHERE name = 'cluster'").fetchone()
        is_another = row is not None and row[0] != cluster
        self._db.execute("BEGIN")
        if is_another:
            self._db.execute(_NOTHING_IS_CONFIRMED)
            self._db.execute("DELETE FROM meta WHERE name = 'position'")
        self._db.execute("INSERT OR REPLACE INTO meta VALUES ('cluster', ?)", (cluster,))
        self._db.execute("COMMIT")
        return is_another

    def known(self, keys: Iterable[str]) -> dict[str, Known]:
        """Give what is kept of the records of `keys`."""
        rows = self._db.execute(
            "SELECT key, token, version, live FROM record WHERE key IN (SELECT value FROM json_each(?))",
            (json.dumps(list(keys)),),
        )
        return {key: Known(token, version, bool(live)) for key, token, version, live in rows}

    def intend(self, records: Iterable[tuple[str, Token, int]]) -> None:
        """Keep what is about to be published: keys, tokens and versions.

        If the process dies before `commit`, what stores then hold is still known: a row that vanishes meanwhile ends
        its record; the same row read again has the same version, and another a higher one.
        """
        self._db.execute("BEGIN")
        self._db.executemany(
            "INSERT OR REPLACE INTO record VALUES (?, ?, ?, 1)",
            ((key, intended(token), version) for key, token, version in records),
        )
        self._db.execute("COMMIT")

    def commit(
        self,
        records: Sequence[tuple[str, Token, int, bool]],
        position: str | None = None,
        behind: Iterable[str] = (),
    ) -> None:
        """Keep records, which of them stand behind their rows, and the position; all or nothing."""
        self._db.execute("BEGIN")
        try:
            self._db.executemany("INSERT OR REPLACE INTO record VALUES (?, ?, ?, ?)", records)
            keys = json.dumps([key for key, *_ in records])
            self._db.execute("DELETE FROM behind WHERE key IN (SELECT value FROM json_each(?))", (keys,))
            self._db.executemany("INSERT INTO behind VALUES (?)", ((key,) for key in behind))
            if position is not None:
                self._db.execute("INSERT OR REPLACE INTO meta VALUES ('position', ?)", (position,))
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def begin_comparison(self) -> None:
        """Forget which keys were seen, which rows are marked as ended, and which were missed."""
        self._db.execute("DELETE FROM seen")
        self._db.execute("DELETE FROM marked")
        self._db.execute("DELETE FROM missed")

    def see(self, keys: Sequence[str]) -> list[bool]:
        """Note that the source holds `keys`; tell of each whether it is seen for the first time in this comparison."""
        self._db.execute("BEGIN")
        first = [self._db.execute("INSERT OR IGNORE INTO seen VALUES (?)", (key,)).rowcount == 1 for key in keys]
        self._db.execute("COMMIT")
        return first

    def hold_back(self, marked: Iterable[tuple[str, Token]]) -> set[str]:
        """Note rows that are marked as ended, by keys and tokens; give the keys of those whose records stores hold."""
        tokens = dict(marked)
        held = {key for key, known in self.known(tokens).items() if known.live}
        self._db.execute("BEGIN")
        self._db.executemany("INSERT OR REPLACE INTO marked VALUES (?, ?)", ((key, tokens[key]) for key in held))
        self._db.execute("COMMIT")
        return held

    def held_back(self) -> Iterator[list[tuple[str, Token, Known]]]:
        """Give, in chunks, the rows that were held back: keys, tokens, and what is kept of their records."""
        after = ""
        while rows := self._db.execute(
            "SELECT key, token FROM marked WHERE key > ? ORDER BY key LIMIT ?", (after, CHUNK)
        ).fetchall():
            known = self.known(key for key, _ in rows)
            yield [(key, token, known[key]) for key, token in rows]
            after = rows[-1][0]

    def miss(self, source_keys: Iterable[str]) -> None:
        """Note rows that were not published as they are, by the keys that the source has for them."""
        self._db.execute("BEGIN")
        self._db.executemany("INSERT INTO missed (source_key) VALUES (?)", ((key,) for key in source_keys))
        self._db.execute("COMMIT")

    def missed(self) -> Iterator[list[str]]:
        """Give, in chunks, the keys of the rows that were missed."""
        after = 0
        while rows := self._db.execute(
            "SELECT number, source_key FROM missed WHERE number > ? ORDER BY number LIMIT ?", (after, CHUNK)
        ).fetchall():
            yield [source_key for _, source_key in rows]
            after = rows[-1][0]

    def vanished(self) -> Iterator[list[tuple[str, Known]]]:
        """Give, in chunks, the records that stores hold, or may hold, though the source no longer does."""
        after = ""
        while True:
            rows = self._db.execute(
                "SELECT key, token, version, live FROM record WHERE key > ? "
                "AND (live OR (version > 0 AND token LIKE '?%')) "
                "AND key NOT IN (SELECT key FROM seen) ORDER BY key LIMIT ?",
                (after, CHUNK),
            ).fetchall()
            if not rows:
                return
            yield [(key, Known(token, version, bool(live))) for key, token, version, live in rows]
            after = rows[-1][0]

    def count_ending(self) -> tuple[int, int, int]:
        """Tell how many records stores hold, how many of these the source no longer does, and how many it marks."""
        live, gone = self._db.execute(
            "SELECT COUNT(*), COALESCE(SUM(key NOT IN (SELECT key FROM seen)), 0) FROM record WHERE live"
        ).fetchone()
        (marked,) = self._db.execute("SELECT COUNT(*) FROM marked").fetchone()
        return int(live), int(gone), int(marked)

    def counts(self) -> tuple[int, int]:
        """Tell how many records stores hold, and how many are known at all."""
        live, known = self._db.execute("SELECT COALESCE(SUM(live), 0), COUNT(*) FROM record").fetchone()
        return int(live), int(known)

    def count_behind(self) -> int:
        """Tell how many records stay in force as they were published, though their rows have changed."""
        return int(self._db.execute("SELECT COUNT(*) FROM behind").fetchone()[0])
