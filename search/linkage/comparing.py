"""This module compares two records field by field, in grades: what the probabilistic model counts and weighs.

Grade 0 is the same; the last grade is different; None means that one side has nothing to compare.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein

from search.births import Birth
from search.linkage import dates
from search.linkage.names import Words, alike
from search.linkage.persons import LinkRecord, NameParts

SAME, CLOSE, SIMILAR, DIFFERENT = range(4)
CLOSE_NAME, SIMILAR_NAME = 0.76, 0.56  # (7/8)² and (3/4)², less what rounding takes
"""Of what a comparison of names scores: one edit in eight letters, or the same sound; and one edit in four."""
CLOSE_TEXT, SIMILAR_TEXT = 0.84, 0.66
_SEXES = {"F", "M"}  # X says nothing for or against

Grade = int | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """One field: its name, how many grades it has, how two records compare, and its values, to count their rarity."""

    field: str
    grades: int
    grade: Callable[[LinkRecord, LinkRecord], Grade]
    values: Callable[[LinkRecord], Collection[str]]
    counts_rarity: bool = True


def comparisons(records: Sequence[LinkRecord]) -> tuple[Comparison, ...]:
    """Give the comparisons of all fields that any record has."""
    found = []
    if any(name.given or name.family for record in records for name in record.names):
        found.append(Comparison("given_name", 4, _given, lambda record: _joined(record, lambda name: name.given)))
        found.append(Comparison("family_name", 4, _family, lambda record: _joined(record, lambda name: name.family)))
    if any(name.full for record in records for name in record.names):
        found.append(Comparison("name", 4, _full, lambda record: _joined(record, lambda name: name.full)))
    if any(record.birth_dates for record in records):
        found.append(Comparison("birth_date", 4, _birth, lambda record: record.birth_dates, counts_rarity=False))
    if any(record.sex for record in records):
        found.append(Comparison("sex", 2, _sex, lambda record: [record.sex] if record.sex else [], counts_rarity=False))
    if any(record.nationalities for record in records):
        found.append(Comparison("nationality", 2, _nationality, lambda record: record.nationalities))
    if any(record.birth_places for record in records):
        found.append(Comparison("birth_place", 4, _birth_place, lambda record: record.birth_places))
    if any(record.documents for record in records):
        found.append(Comparison("document", 3, _document, lambda record: record.documents, counts_rarity=False))
    found += map(_of_extra, sorted({name for record in records for name in record.extras}))
    return tuple(found)


def date_grade(one: str, other: str) -> int:
    """Grade two dates by how they compare (`search.births`); of what that calls other, by edits and by the year."""
    found = dates.compared(one, other)
    if found is Birth.SAME:
        return SAME
    if found in _CLOSE_DATES:
        return CLOSE
    edits = DamerauLevenshtein.distance(one, other, score_cutoff=SIMILAR)
    return SIMILAR if edits <= SIMILAR or one[: dates.YEAR] == other[: dates.YEAR] else DIFFERENT


_CLOSE_DATES = {Birth.AGREES, Birth.SWAPPED, Birth.CALENDAR, Birth.SLIP}


def name_grade(one: Words, other: Words) -> int:
    """Grade two names, or two parts of names."""
    if one == other:
        return SAME
    similarity = alike(one, other)
    if len(one) != len(other) and similarity < CLOSE_NAME:  # a letter that was lost may have left a space
        letters = DamerauLevenshtein.normalized_similarity(" ".join(one), " ".join(other))
        similarity = max(similarity, letters**2)
    return CLOSE if similarity >= CLOSE_NAME else SIMILAR if similarity >= SIMILAR_NAME else DIFFERENT


@lru_cache(maxsize=65_536)
def text_grade(one: str, other: str) -> int:
    """Grade two texts by their edits."""
    if one == other:
        return SAME
    likeness = DamerauLevenshtein.normalized_similarity(one, other, score_cutoff=SIMILAR_TEXT)
    return CLOSE if likeness >= CLOSE_TEXT else SIMILAR if likeness >= SIMILAR_TEXT else DIFFERENT


def _best(ones: Sequence[str], others: Sequence[str], grade: Callable[[str, str], int]) -> Grade:
    if len(ones) == len(others) == 1:  # by far the most
        return grade(ones[0], others[0])
    return min((grade(one, other) for one in ones for other in others), default=None)


def _joined(record: LinkRecord, part: Callable[[NameParts], Words]) -> list[str]:
    return [" ".join(each) for name in record.names if (each := part(name))]


def _given(one: LinkRecord, other: LinkRecord) -> Grade:
    return _parts(one, other)[0]


def _family(one: LinkRecord, other: LinkRecord) -> Grade:
    return _parts(one, other)[1]


def _parts(one: LinkRecord, other: LinkRecord) -> tuple[Grade, Grade]:
    """Grade given and family names of the pair of names that fits best."""
    if len(one.names) == len(other.names) == 1:
        return _name_parts(one.names[0], other.names[0])
    graded = [_name_parts(mine, theirs) for mine in one.names for theirs in other.names]
    return min(
        graded, key=lambda grades: sum(DIFFERENT if grade is None else grade for grade in grades), default=(None, None)
    )


@lru_cache(maxsize=65_536)
def _name_parts(one: NameParts, other: NameParts) -> tuple[Grade, Grade]:
    """Grade given and family names; where they fit crosswise alone, they were exchanged, and count one grade less."""
    given, family = _grade_of_words(one.given, other.given), _grade_of_words(one.family, other.family)
    if SAME in {given, family}:
        return given, family
    across = _grade_of_words(one.given, other.family), _grade_of_words(one.family, other.given)
    worst = [DIFFERENT if grade is None else grade for grade in across]
    if max(worst) <= CLOSE:
        return worst[0] + 1, worst[1] + 1
    return given, family


def _grade_of_words(one: Words, other: Words) -> Grade:
    return name_grade(one, other) if one and other else None


def _full(one: LinkRecord, other: LinkRecord) -> Grade:
    if not any(name.full for name in (*one.names, *other.names)):
        return None  # both are parted, and compared by their parts
    grades = [
        name_grade(mine.all, theirs.all) for mine in one.names for theirs in other.names if mine.all and theirs.all
    ]
    return min(grades, default=None)


def _birth(one: LinkRecord, other: LinkRecord) -> Grade:
    return _best(one.birth_dates, other.birth_dates, date_grade)


def _sex(one: LinkRecord, other: LinkRecord) -> Grade:
    known = one.sex in _SEXES and other.sex in _SEXES
    return int(one.sex != other.sex) if known else None


def _nationality(one: LinkRecord, other: LinkRecord) -> Grade:
    return _best(one.nationalities, other.nationalities, lambda mine, theirs: int(mine != theirs))


def _birth_place(one: LinkRecord, other: LinkRecord) -> Grade:
    return _best(one.birth_places, other.birth_places, text_grade)


def _document(one: LinkRecord, other: LinkRecord) -> Grade:
    return _best(one.documents, other.documents, _number_grade)


def _number_grade(one: str, other: str) -> int:
    return min(2, DamerauLevenshtein.distance(one, other, score_cutoff=1))


def _of_extra(name: str) -> Comparison:
    def grade(one: LinkRecord, other: LinkRecord) -> Grade:
        return _best(one.extras.get(name, ()), other.extras.get(name, ()), text_grade)

    return Comparison(name, 4, grade, lambda record: record.extras.get(name, ()))
