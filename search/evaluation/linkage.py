"""This module measures linkage on an agency's own records: which pairs are true, and what came of it. It is pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from search.evaluation.curves import share_of
from search.evaluation.tables import Fault, NotMeasurable, Row, Table, with_added
from search.linkage.clusters import Clusters, Decision, Judgement, MachineLink
from search.linkage.comparing import comparisons
from search.linkage.judgements import JUDGED
from search.linkage.linking import PairScore
from search.linkage.persons import LinkRecord

Pair = tuple[str, str]

_MATCH = "match"
_MATCHES = {"": True, "1": True, "1.0": True, "0": False, "0.0": False}
"""What a column `match` says; a pair that nothing is said of is true."""
_ADDED = ("score", "reasons")


@dataclass(frozen=True, slots=True)
class Truth:
    """What is true of pairs.

    `pairs` are all pairs of the persons that the rows tell of: two that are each one with a third are one. `rows` are
    those that tell of a pair, those too that say of it that it is not true; `identifiers` the two columns that name it.
    """

    columns: tuple[str, ...]
    identifiers: tuple[str, str]
    pairs: frozenset[Pair]
    rows: Mapping[Pair, Row]
    faults: tuple[Fault, ...]

    @property
    def scores_columns(self) -> tuple[str, ...]:
        """The columns of the scores: those of the pairs, and what is added."""
        return with_added(self.columns if _MATCH in self.columns else (*self.columns, _MATCH), _ADDED)

    def faults_among(self, known: Collection[str]) -> list[Fault]:
        """Name the lines of true pairs of which not both records are there."""
        return [
            Fault(row.line, "no file has a record of an identifier; the pair counts as missed", counts=True)
            for pair, row in self.rows.items()
            if pair in self.pairs and not (pair[0] in known and pair[1] in known)
        ]


def truth_of(table: Table, source: str) -> Truth:
    """Read pairs of identifiers from the first two columns; a 0 in a column `match` says that a pair is not true.

    Neither `match` nor what scores add is one of the two, wherever it stands.

    What is found is gathered into clusters, so what is true is as well: of 1 = 2 and 2 = 3 follows 1 = 3.

    Raises:
        NotMeasurable: there are not two columns, or no true pair at all.
    """
    named = [column for column in table.columns if column not in {_MATCH, *_ADDED}]
    if len(named) < 2:  # noqa: PLR2004  two columns
        raise NotMeasurable(f"{source} has one column of identifiers; give those of a pair in two.")
    identifiers = named[0], named[1]
    rows: dict[Pair, Row] = {}
    faults = [*table.faults]
    for row in table.rows:
        one, other = map(row.text, identifiers)
        pair = min(one, other), max(one, other)
        is_true = _MATCHES.get(row.text(_MATCH))
        if not one or not other:
            faults.append(Fault(row.line, "a pair is two identifiers, and one is empty; it is passed over"))
        elif one == other:
            faults.append(Fault(row.line, "a pair is of two records, and both are the same; it is passed over"))
        elif is_true is None:
            faults.append(Fault(row.line, "match is 1 or 0; the pair is passed over"))
        elif pair in rows and _is_true(rows[pair]) is not is_true:
            faults.append(Fault(row.line, f"line {rows[pair].line} says otherwise of the pair; that line counts"))
        else:
            rows.setdefault(pair, row)
    persons = _persons(pair for pair, row in rows.items() if _is_true(row))
    pairs = frozenset(linked_pairs(persons))
    against = [pair for pair, row in rows.items() if pair in pairs and not _is_true(row)]
    faults += [
        Fault(rows.pop(pair).line, "other lines join the two over a third; they count, and the line is passed over")
        for pair in against
    ]
    if not pairs:
        raise NotMeasurable(f"{source} names no true pair; {_why_none(rows, faults)}.")
    return Truth(table.columns, identifiers, pairs, rows, tuple(faults))


def _is_true(row: Row) -> bool:
    return _MATCHES[row.text(_MATCH)]


def _persons(pairs: Iterable[Pair]) -> Clusters:
    return Clusters((), (MachineLink(one, other, 0.0) for one, other in pairs))


def _why_none(rows: Collection[Pair], faults: Sequence[Fault]) -> str:
    if rows:
        return "match is 0 on all lines that tell of a pair; write 1 where two records are of one person"
    if not faults:
        return "give two identifiers a line, under a header"
    first = min(faults, key=lambda fault: fault.line)
    return f"line {first.line}: {first.text}"


def check_identifiers(records: Sequence[LinkRecord], truth: Truth) -> None:
    """Refuse records of several files that bear one identifier, and pairs that have no header.

    Raises:
        NotMeasurable: there are some.
    """
    known = {record.id for record in records}
    if len(known) < len(records):
        raise NotMeasurable(
            'Two files use one identifier for two records; map id to a list of columns: id = ["system", "number"].'
        )
    if not known.isdisjoint(truth.identifiers):
        raise NotMeasurable("The first line of the true pairs is a pair; begin with the names of the columns.")


def check_comparable(records: Sequence[LinkRecord], *, between: bool) -> None:
    """Refuse records of which no two can be compared.

    Raises:
        NotMeasurable: there are fewer than two, or of one file alone though links are looked for `between` files, or
            they hold no field to compare.
    """
    if len(records) < 2:  # noqa: PLR2004  a pair
        raise NotMeasurable("There is nothing to compare: fewer than two records could be read; give more.")
    if between and len({record.source for record in records}) == 1:
        raise NotMeasurable(
            "There is nothing to compare between files: all records are of one; give another, or leave out --between."
        )
    if not comparisons(records):
        raise NotMeasurable("There is nothing to compare: no record has a value in the fields of the map; name others.")


def judgements_of(table: Table, known: Collection[str]) -> tuple[list[Judgement], list[Fault]]:
    """Read what people decided of pairs of records: `one`, `other`, `decision` (join or split) and who decided (`by`).

    Of two judgements on one pair the later counts.
    """
    judged: list[Judgement] = []
    faults = [*table.faults]
    for row in table.rows:
        one, other, decision, by = (row.text(column) for column in JUDGED)
        if not (one in known and other in known) or one == other:
            faults.append(Fault(row.line, "a judgement is of two records that are there; it is passed over"))
        elif decision not in set(Decision):
            faults.append(Fault(row.line, "a decision is join or split; it is passed over"))
        elif not by:
            faults.append(Fault(row.line, "nobody is named who decided; it is passed over"))
        else:
            judged.append(Judgement(one, other, Decision(decision), by))
    return judged, faults


def clusters_of(
    records: Sequence[LinkRecord],
    scored: Iterable[PairScore],
    threshold: float,
    judgements: Sequence[Judgement] = (),
) -> Clusters:
    """Gather records by links from `threshold` on, and by judgements, which no link overrides.

    Raises:
        JudgementsContradict: joins bring together what a split holds apart.
    """
    links = (MachineLink(pair.one, pair.other, pair.weight) for pair in scored if pair.probability >= threshold)
    return Clusters((record.id for record in records), links, judgements)


def linked_pairs(clusters: Clusters) -> set[Pair]:
    """Give all pairs that are in one cluster."""
    return {pair for members in clusters for pair in combinations(members, 2)}


def measure(linked: Collection[Pair], truth: Collection[Pair]) -> dict[str, float | None]:
    """Give precision, recall, their harmonic mean, and how many pairs were linked; None is a share of nothing."""
    right = len(set(linked) & set(truth))
    return {
        "precision": share_of(right, len(linked)),
        "recall": share_of(right, len(truth)),
        "f1": share_of(2 * right, len(linked) + len(truth)),
        "pairs": len(linked),
    }


def score_rows(
    scored: Iterable[PairScore], truth: Truth, known: Collection[str], clusters: Clusters
) -> Iterator[tuple[str, ...]]:
    """Give the rows of the scores: each pair that is likely enough to tell of, then the given ones that are not.

    Of a link that a judgement overrode the reasons tell who judged.
    """
    told: set[Pair] = set()
    left_out = {(min(link.one, link.other), max(link.one, link.other)) for link in clusters.left_out}
    for pair in scored:
        told.add(names := (pair.one, pair.other))
        reasons = [*map(str, pair.reasons)]
        if names in left_out and (split := clusters.why(*names).held_apart_by):
            reasons.insert(0, f"held apart: {split.by} judged {split.one} and {split.other} to be two")
        yield _score_row(truth, names, f"{pair.probability:.6f}", "; ".join(reasons))
    for given in sorted(truth.rows.keys() - told):
        is_known = given[0] in known and given[1] in known
        reason = "not likely, or nothing in common to be compared by" if is_known else "no such record"
        yield _score_row(truth, given, f"{0:.6f}", reason)


def _score_row(truth: Truth, pair: Pair, score: str, reasons: str) -> tuple[str, ...]:
    given = truth.rows.get(pair)
    cells = dict(given.cells if given else zip(truth.identifiers, pair, strict=True))
    cells |= {_MATCH: str(int(pair in truth.pairs)), "score": score, "reasons": reasons}
    return tuple(cells.get(column, "") for column in truth.scores_columns)
