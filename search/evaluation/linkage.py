"""This module measures linkage on an agency's own records: what columns mean, which pairs are true, what came of it."""

import csv
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from hub.errors import Rejected
from search.linkage.clusters import Clusters, MachineLink
from search.linkage.linking import PairScore
from search.linkage.names import words
from search.linkage.persons import LinkRecord, NameParts, date_text, number_text, plain, sex_code

_CALLED = {
    "id": ("id", "record", "reference"),
    "name": ("name", "names", "full", "full_name"),
    "given": ("given", "given_name", "given_names", "first_name", "forename"),
    "family": ("family", "family_name", "last_name", "surname"),
    "birth_date": ("birth_date", "birth_dates", "date_of_birth", "dob"),
    "birth_place": ("birth_place", "place_of_birth"),
    "sex": ("sex", "gender"),
    "nationality": ("nationality", "nationalities"),
    "document": ("document", "documents", "document_number"),
}
_CONTRACT = {name: field for field, names in _CALLED.items() for name in names}
_SEVERAL = "|"
Pair = tuple[str, str]


class NotMeasurable(Rejected):
    """What was given to measure on is not as it has to be."""

    code = "not-measurable"


@dataclass(frozen=True, slots=True)
class FieldMap:
    """Which columns hold which field of the contract; all others that are named are extra fields, compared as text."""

    columns: Mapping[str, tuple[str, ...]]

    @property
    def extras(self) -> tuple[str, ...]:
        """The fields beyond identity data."""
        return tuple(field for field in self.columns if field not in _CALLED)


def read_map(text: str) -> FieldMap:
    """Read a map, TOML: contract field = column, or a list of columns that are one value when joined by a space.

    Raises:
        NotMeasurable: it is no TOML, names no columns, or lacks the identifier.
    """
    try:
        read = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise NotMeasurable(f'The map is no TOML ({wrong}); write lines such as: id = "number".') from None
    columns = dict(_flat(read))
    if "id" not in columns:
        raise NotMeasurable('The map has no id; name the column that identifies a record: id = "number".')
    return FieldMap(columns)


def _flat(table: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value)
        elif isinstance(value, str) or (
            isinstance(value, list) and value and all(isinstance(each, str) for each in value)
        ):
            named = (value,) if isinstance(value, str) else tuple(value)
            yield _CONTRACT.get(key, key), tuple(each.strip() for each in named)
        else:
            raise NotMeasurable(f"The map gives no column for {key}; write the name of a column, or a list of names.")


def read_records(lines: Iterable[str], fields: FieldMap, source: str) -> Iterator[LinkRecord]:
    """Read the records of one file; several values stand in a column parted by `|`, and rows of one id are one record.

    Raises:
        NotMeasurable: the file has none of the columns, or a row has no identifier; the message names file and line.
    """
    gathered: dict[str, list[dict[str, list[str]]]] = {}
    for number, row in _rows(lines, source):
        missing = [column for column in fields.columns["id"] if column not in row]
        if missing:
            raise NotMeasurable(f"The file {source} has no column {missing[0]}; its columns are: {', '.join(row)}.")
        values = {field: _values(row, columns) for field, columns in fields.columns.items()}
        if not values["id"]:
            raise NotMeasurable(f"Line {number} of {source} has no identifier; give each record one.")
        gathered.setdefault(values["id"][0], []).append(values)
    return (_record(name, source, rows, fields) for name, rows in gathered.items())


def read_pairs(lines: Iterable[str], source: str) -> tuple[tuple[str, str], set[Pair]]:
    """Read pairs of identifiers from the first two columns; rows with a 0 in a column `match` are left out.

    Returns:
        The names of the two columns, and the pairs, each in order.

    Raises:
        NotMeasurable: there are not two columns, or no pair at all.
    """
    pairs: set[Pair] = set()
    header: list[str] = []
    for number, row in _rows(lines, source):
        header = header or [*row]
        if len(header) < 2:  # noqa: PLR2004  two columns
            raise NotMeasurable(f"The file {source} has one column; give the identifiers of a pair in the first two.")
        one, other = row[header[0]], row[header[1]]
        if not one or not other:
            raise NotMeasurable(f"Line {number} of {source} is no pair; give both identifiers.")
        if row.get("match", "1") not in {"0", "0.0"} and one != other:
            pairs.add((min(one, other), max(one, other)))
    if not pairs:
        raise NotMeasurable(f"The file {source} names no pair; give two identifiers a line, under a header.")
    return (header[0], header[1]), pairs


def check_identifiers(records: Sequence[LinkRecord]) -> None:
    """Refuse records of several files that bear one identifier.

    Raises:
        NotMeasurable: there are some.
    """
    if len({record.id for record in records}) < len(records):
        raise NotMeasurable(
            'Two files use one identifier for two records; map id to a list of columns: id = ["system", "number"].'
        )


def linked_pairs(records: Sequence[LinkRecord], scored: Iterable[PairScore], threshold: float) -> set[Pair]:
    """Give all pairs that are in one cluster of links from `threshold` on."""
    links = (MachineLink(pair.one, pair.other, pair.weight) for pair in scored if pair.probability >= threshold)
    clusters = Clusters((record.id for record in records), links)
    return {pair for members in clusters for pair in combinations(members, 2)}


def measure(linked: set[Pair], truth: set[Pair]) -> dict[str, float]:
    """Give precision, recall, their harmonic mean, and how many pairs were linked."""
    right = len(linked & truth)
    precision = right / len(linked) if linked else 0.0
    recall = right / len(truth) if truth else 0.0
    f1 = 2 * precision * recall / (precision + recall) if right else 0.0
    return {"precision": precision, "recall": recall, "f1": f1, "pairs": len(linked)}


def score_rows(
    scored: Iterable[PairScore], truth: set[Pair], known: set[str]
) -> Iterator[tuple[str, str, int, float, str]]:
    """Give the rows of `--scores`: each pair that is likely enough to tell of, then the true ones that share no key."""
    told: set[Pair] = set()
    for pair in scored:
        told.add((pair.one, pair.other))
        reasons = "; ".join(map(str, pair.reasons))
        yield pair.one, pair.other, int((pair.one, pair.other) in truth), round(pair.probability, 6), reasons
    for one, other in sorted(truth - told):
        reason = "not likely, or nothing in common to be compared by" if {one, other} <= known else "no such record"
        yield one, other, 1, 0.0, reason


def _rows(lines: Iterable[str], source: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Read CSV rows with their line; names and values are taken without the spaces around them."""
    reader = csv.DictReader(lines, skipinitialspace=True, restval="")
    try:
        for row in reader:
            yield reader.line_num, {key.strip(): (value or "").strip() for key, value in row.items() if key is not None}
    except csv.Error:
        raise NotMeasurable(f"Line {reader.line_num + 1} of {source} is no CSV; mend it or take it out.") from None


def _values(row: Mapping[str, str], columns: Sequence[str]) -> list[str]:
    """Give the values of a field; several columns make one value."""
    if len(columns) == 1:
        return [part for value in row.get(columns[0], "").split(_SEVERAL) if (part := value.strip())]
    joined = " ".join(filter(None, (row.get(column, "") for column in columns)))
    return [joined] if joined else []


def _record(name: str, source: str, rows: Sequence[Mapping[str, Sequence[str]]], fields: FieldMap) -> LinkRecord:
    def all_of(field: str) -> list[str]:
        return list(dict.fromkeys(value for row in rows for value in row.get(field, ())))

    names = []
    for row in rows:
        names += [NameParts(full=words(value)) for value in row.get("name", ())]
        parted = NameParts(*(words(" ".join(row.get(part, ()))) for part in ("given", "family")))
        names += [parted] if parted.all else []
    sexes = [code for value in all_of("sex") if (code := sex_code(value))]
    return LinkRecord(
        id=name,
        source=source,
        names=tuple(dict.fromkeys(each for each in names if each.all)),
        birth_dates=tuple(filter(None, map(date_text, all_of("birth_date")))),
        sex=sexes[0] if sexes else "",
        nationalities=tuple(value.upper() for value in all_of("nationality")),
        birth_places=tuple(map(plain, all_of("birth_place"))),
        documents=tuple(filter(None, map(number_text, all_of("document")))),
        extras={field: held for field in fields.extras if (held := tuple(map(plain, all_of(field))))},
    )
