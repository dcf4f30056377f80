"""This module measures linkage on records whose persons are known: invented ones with slips, and a client registry."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations
from pathlib import Path

from adapters.conversions.countries import nationalities_in
from deploy.bench.telling import Teller
from deploy.cli_evaluate_linkage import LINKED
from deploy.quality.figures import Figures, Measured
from deploy.text_files import read_table
from search.evaluation.linkage import Pair, clusters_of, linked_pairs, measure, truth_of
from search.evaluation.linked_records import FieldMap, records_of
from search.linkage.linking import score_pairs
from search.linkage.persons import LinkRecord

LINKAGE = Path("names") / "linkage"
FEBRL4 = (LINKAGE / "splink_dataset4a.csv.gz", LINKAGE / "splink_dataset4b.csv.gz")
FEBRL4_MAP = FieldMap(
    {
        "id": ("rec_id",),
        "given": ("given_name",),
        "family": ("surname",),
        "birth_date": ("date_of_birth",),
        "document": ("soc_sec_id",),
        **{name: (name,) for name in ("street_number", "address_1", "address_2", "suburb", "postcode", "state")},
    }
)
UGANDA = LINKAGE / "opencr_uganda_v21.csv.gz"
UGANDA_LINKS = LINKAGE / "opencr_uganda_v21_true_links.csv"
UGANDA_MAP = FieldMap(
    {
        "id": ("rec_id",),
        "given": ("given_name",),
        "family": ("surname",),
        "birth_date": ("date_of_birth",),
        "sex": ("sex",),
    }
)
_PERSON = re.compile(r"rec-(\d+)-")


def linkage_figures(folder: Path, teller: Teller) -> Figures:
    """Measure linkage, on as much of the data as is there."""
    if all((folder / file).exists() for file in FEBRL4):
        records = _records(folder, FEBRL4, FEBRL4_MAP)
        yield Measured("febrl4_f1", f1(records, same_number(record.id for record in records), teller))
    else:
        teller.say("SKIPPED febrl4_f1: its two files are not there.")
    if (folder / UGANDA).exists() and (folder / UGANDA_LINKS).exists():
        truth = truth_of(read_table(folder / UGANDA_LINKS), UGANDA_LINKS.name)
        yield Measured("uganda_f1", f1(_records(folder, [UGANDA], UGANDA_MAP), truth.pairs, teller))
    else:
        teller.say("SKIPPED uganda_f1: the registry or its links are not there.")


def f1(records: Sequence[LinkRecord], truth: Iterable[Pair], teller: Teller) -> float:
    """Link records as `isthmus evaluate linkage` does by default; nothing is learnt from the truth."""
    with teller.counting("Pairs of records") as tell:
        scored = score_pairs(records, progress=tell)
    return measure(linked_pairs(clusters_of(records, scored.pairs, LINKED)), frozenset(truth))["f1"] or 0.0


def same_number(identifiers: Iterable[str]) -> frozenset[Pair]:
    """Pair the records of one person: those whose identifiers, `rec-N-org` or `rec-N-dup-K`, have one number."""
    persons: dict[str, list[str]] = defaultdict(list)
    for ident in identifiers:
        if found := _PERSON.match(ident):
            persons[found[1]].append(ident)
    return frozenset(pair for own in persons.values() for pair in combinations(sorted(own), 2))


def _records(folder: Path, files: Iterable[Path], fields: FieldMap) -> list[LinkRecord]:
    return [
        record
        for file in files
        for record in records_of(read_table(folder / file), fields, str(file), nationalities_in)[0]
    ]
