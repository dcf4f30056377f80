"""This module looks whether a declaration fits its source before anything is published: columns, keys, mapping."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from adapters.change import says_ended
from adapters.clock import UNKNOWN, is_day
from adapters.database_faults import NO_COLUMN, NO_TABLE
from adapters.declaration import Adapter, File, Lookup, Sql, Stream
from adapters.failures import SourceUnavailable
from adapters.file_source import FileRow
from adapters.sql_source import SqlSource
from adapters.streams import Sources
from adapters.trial import Trial, rows_of, trials
from adapters.whole_rows import DUPLICATE_KEY, NO_KEY
from contracts.identity import document_number

SAMPLE = 500
SMALL, SHORTER_S = 10_000, 30  # so many rows are compared in a fifth of a second, and so often hardly anybody notices
FEW_ENDED = 0.5  # share of rows; where more have ended, a person should look at the mark
_NUMBER = re.compile(r"\bnumber( \(column [^)]*\))?: string_pattern_mismatch")
FORM_OF_NUMBERS = " `document_number()` of `contracts.identity` brings a document number to its form."


class Level(StrEnum):
    """How much a finding matters."""

    FINE = "fine"
    ADVICE = "advice"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    stream: str
    level: Level
    text: str


def check(adapter: Adapter, sources: Sources) -> list[Finding]:
    """Look at every stream of an adapter; blocks."""
    return [finding for stream in adapter.streams for finding in _stream(adapter, stream, sources)]


def is_fit(findings: Iterable[Finding]) -> bool:
    """Tell whether the adapter may run."""
    return all(finding.level is not Level.FAULT for finding in findings)


def _stream(adapter: Adapter, stream: Stream, sources: Sources) -> Iterator[Finding]:
    try:
        absent = _absent(stream, sources.sql(stream)) if isinstance(stream.source, Sql) else None
        if absent:
            yield Finding(stream.name, Level.FAULT, absent)
            return
        rows = rows_of(stream, sources, SAMPLE)
        if not rows:
            text = f"The source answers, and there are no rows yet ({stream.source.kind}; a list is read when at rest)."
            yield Finding(stream.name, Level.ADVICE, text)
            return
        tried = list(trials(adapter, stream, rows))
        yield Finding(stream.name, Level.FINE, "The source answers, with all declared columns.")
        yield from _sql(stream, sources.sql(stream)) if isinstance(stream.source, Sql) else _keys(stream, tried)
        yield from _ends(stream, rows)
        yield from _numbers(stream, rows)
        yield from _mapping(stream, tried)
        if isinstance(stream.source, File):
            yield from _to_its_end(stream, sources)
    except SourceUnavailable as error:
        yield Finding(stream.name, Level.FAULT, str(error))


def _absent(stream: Stream, source: SqlSource) -> str | None:
    """Say which table or columns are not there: SQLite takes the name of a column that is not there for a text."""
    declared = source.source
    with source.answers():
        inspector = sa.inspect(source.engine)
        if not inspector.has_table(declared.table, schema=declared.schema):
            return NO_TABLE.format(table=declared.name)
        present = {column["name"] for column in inspector.get_columns(declared.table, schema=declared.schema)}
    missing = sorted(_columns(stream, declared) - present)
    return NO_COLUMN.format(table=declared.name, column=", ".join(missing)) if missing else None


def _columns(stream: Stream, source: Sql) -> set[str]:
    updated = {source.updated} if source.updated else set()
    return {*stream.needed} | updated | {*_lookup_columns(stream.lookup)}


def _lookup_columns(lookup: Lookup | None) -> Iterator[str]:
    if lookup is None:
        return
    for names in lookup.names:
        yield from (column for column in (names.family, names.given, names.full) if column)
    if lookup.document:
        yield lookup.document
    if lookup.birth:
        yield lookup.birth[0]


def _to_its_end(stream: Stream, sources: Sources) -> Iterator[Finding]:
    """Read a list whole: one line of it that cannot be parsed, and all of it is refused."""
    source = sources.file(stream)
    drop = source.newest()
    if drop is not None:
        total = sum(len(page) for page in source.pages(drop))
        yield Finding(stream.name, Level.FINE, f"The list {drop.path.name} can be read to its end, {total} rows.")


def _keys(stream: Stream, tried: list[Trial]) -> Iterator[Finding]:
    faults = Counter(trial.fault.reason for trial in tried if trial.fault)
    yield from _keys_of_whole(stream, len(tried), faults[NO_KEY], faults[DUPLICATE_KEY])


def _keys_of_whole(stream: Stream, total: int, without: int, again: int) -> Iterator[Finding]:
    """Tell of the keys of a list, or of a table without a time of change: what has none of its own is a dead letter."""
    if not without and not again:
        yield Finding(stream.name, Level.FINE, f"The keys of {total} rows differ.")
    if without:
        text = (
            f"{without} of {total} rows have no whole key: they are dead letters, and while one is there nothing ends."
        )
        yield Finding(stream.name, Level.ADVICE, text)
    if again:
        text = f"{again} of {total} rows have the key of another: the first of them stands, the others are dead letters"
        yield Finding(
            stream.name, Level.ADVICE, f"{text}; where they are records of their own choose more key columns."
        )


def _sql(stream: Stream, source: SqlSource) -> Iterator[Finding]:
    keys: list[sa.ColumnClause[object]] = [sa.column(name) for name in stream.key.columns]
    has_none = sa.or_(*(key.is_(None) for key in keys))
    rows = sa.func.count().label("rows")
    same = sa.select(rows).select_from(source.table).where(~has_none).group_by(*keys).having(rows > 1).subquery()
    with source.answers(), source.engine.connect() as connection:
        total = connection.execute(sa.select(rows).select_from(source.table)).scalar_one()
        without = connection.execute(sa.select(rows).select_from(source.table).where(has_none)).scalar_one()
        counted = sa.select(rows, sa.func.coalesce(sa.func.sum(same.c.rows), 0)).select_from(same)
        twice, rows_of_them = connection.execute(counted).one()
    if source.source.updated is None:
        yield from _keys_of_whole(stream, total, without, int(rows_of_them) - twice)
    elif without or twice:
        text = f"{without} rows have no key and {twice} keys stand twice; choose other key columns."
        yield Finding(stream.name, Level.FAULT, text)
    else:
        yield Finding(stream.name, Level.FINE, f"The keys of {total} rows differ.")
    yield from _times(stream, source)
    yield from _comparing(stream, source.source, total)
    yield from _indexes(stream, source)


def _times(stream: Stream, source: SqlSource) -> Iterator[Finding]:
    if source.source.updated is None:
        return
    times = [row.updated for row in source.sample(SAMPLE)]
    days = sum(1 for time in times if is_day(time, source.source.clock))
    unreadable = sum(1 for time in times if source.micros(time) == UNKNOWN)
    if days:
        text = (
            f"{days} of the first {SAMPLE} times of change are days, whose changes look alike; declare `updated=None`."
        )
        yield Finding(stream.name, Level.FAULT, text)
    elif unreadable == len(times):
        text = f"None of {unreadable} times of change can be read; correct `clock`, or declare `updated=None`."
        yield Finding(stream.name, Level.FAULT, text)
    elif unreadable:
        text = (
            f"{unreadable} of {len(times)} times of change cannot be read; look at `clock`. Such rows are "
            "published, and their changes found by the comparison alone, every "
            f"{source.source.compare_s:g} s (`compare_s`)."
        )
        yield Finding(stream.name, Level.ADVICE, text)


def _comparing(stream: Stream, declared: Sql, total: int) -> Iterator[Finding]:
    """Tell what is only found when all keys, or all rows, are read; of a small table that may be done more often."""
    every = f"every {declared.compare_s:g} s (`compare_s`)"
    if declared.updated is None:
        text = (
            f"There is no time of change: the whole table is read {every}, and what changed or was deleted found then."
        )
    elif declared.ended is None:
        text = f"No mark of an end is declared (`ended`): rows that are deleted are found by the comparison, {every}."
    else:
        return
    if total <= SMALL and declared.compare_s > SHORTER_S:
        text += f" A table of so few rows may be read more often: `compare_s={SHORTER_S}`."
    yield Finding(stream.name, Level.ADVICE, text)


def _numbers(stream: Stream, rows: list[FileRow]) -> Iterator[Finding]:
    """Count the document numbers that no live question finds: it asks for capitals and digits alone."""
    column = stream.lookup.document if stream.lookup and isinstance(stream.source, Sql) else None
    if column is None:
        return
    values = (row.columns.get(column) for row in rows)  # which need not be among those that are read
    written = [str(value).rstrip() for value in values if value is not None]  # CHAR(n) is filled up
    others = sum(1 for number in written if number != document_number(number))
    if others:
        text = (
            f"{others} of {len(written)} document numbers in the column {column} have small letters, blanks or signs: "
            "live questions ask for capitals and digits alone and do not find them; name a column that holds them so."
        )
        yield Finding(stream.name, Level.ADVICE, text)


def _indexes(stream: Stream, source: SqlSource) -> Iterator[Finding]:
    """Advise indexes: on the time of change, on the document number, and on names in capitals."""
    firsts = _first_parts(source)
    wanted = [source.source.updated] if source.source.updated else []
    lookup = stream.lookup
    if lookup is not None:
        wanted += [lookup.document] if lookup.document else []
        wanted += [f"upper({names.family or names.full})" for names in lookup.names]
    for column in wanted:
        name = column.lower()
        # Databases write an expression in their own way: upper((surname)::text)
        bare = name.removeprefix("upper(").removesuffix(")")
        if not any(first == name or (first.startswith("upper") and bare in first and name != bare) for first in firsts):
            yield Finding(stream.name, Level.ADVICE, f"An index that begins with {column} would make reading quicker.")


def _first_parts(source: SqlSource) -> list[str]:
    """Give what each index of the table begins with: a column, or an expression."""
    table = source.source.table
    with source.answers():
        if source.engine.dialect.name == "sqlite":  # whose expressions cannot be inspected
            statement = sa.text(
                "SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = :name AND sql NOT NULL"
            )
            with source.engine.connect() as connection:
                written = connection.execute(statement, {"name": table}).scalars().all()
            return [sql.split("(", 1)[1].split(",")[0].replace('"', "").removesuffix(")").lower() for sql in written]
        found = sa.inspect(source.engine).get_indexes(table, schema=source.source.schema)
    return [str((index.get("expressions") or index["column_names"])[0]).lower() for index in found]


def _ends(stream: Stream, rows: list[FileRow]) -> Iterator[Finding]:
    """Count the rows that are marked as ended: where most are, the column may say something else."""
    rule = stream.source.ended
    if rule is None:
        return
    ended = sum(1 for row in rows if row.fault is None and says_ended(rule, row.columns.get(rule.column)))
    text = f"{ended} of {len(rows)} rows are marked as ended by the column {rule.column}"
    if ended <= len(rows) * FEW_ENDED:
        yield Finding(stream.name, Level.FINE, f"{text}.")
        return
    advice = "their records would be erased; if they are in force, declare `Ended` with the values that end"
    yield Finding(stream.name, Level.ADVICE, f"{text}: {advice}.")


def _mapping(stream: Stream, tried: list[Trial]) -> Iterator[Finding]:
    faults = Counter(f"{trial.fault.reason} {trial.fault.field or ''}".strip() for trial in tried if trial.fault)
    good = len(tried) - faults.total()
    level = Level.FINE if not faults else Level.ADVICE if good else Level.FAULT
    told = "".join(f"; {count} x {fault}" for fault, count in faults.most_common(5))
    advice = FORM_OF_NUMBERS if any(_NUMBER.search(fault) for fault in faults) else ""
    yield Finding(stream.name, level, f"{good} of {len(tried)} rows map{told}.{advice}")
