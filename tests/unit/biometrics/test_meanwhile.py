"""Searches while records change: who was held when it was asked is found, whatever is replaced meanwhile."""

from dataclasses import replace

import pytest

from biometrics import gallery as gallery_module
from biometrics.answers import record_answer
from biometrics.calibration import CALIBRATION
from biometrics.comparing import Views
from biometrics.gallery import Enrolled, Enrolment, Gallery, Removal
from biometrics.matching import Matching
from biometrics.rejections import UnknownFingerprint
from contracts.records import FingerPosition
from tests.unit.biometrics.fakes import FakeEngine

ADA = Enrolled("asylum:finger:1", "asylum:person:1", "asylum", FingerPosition.RIGHT_INDEX, 1, "e")
PRINT = Views(b"FAKEaaaaaaaa", b"FAKEaaaaaaaa", 30)


class Meanwhile(FakeEngine):
    """Lets something happen before each of the first scans of the gallery."""

    def __init__(self, *happens):
        self.happens = list(happens)

    def scan(self, probe, scan, count):
        if self.happens:
            self.happens.pop(0)()
        return super().scan(probe, scan, count)

    def scores(self, probe, candidates):
        return FakeEngine.scan(self, probe, candidates, len(candidates))


def search(gallery, probes=(PRINT,), **more):
    found = Matching(gallery).identify(probes, rate=0.001, limit=9, lowest=10, may_see=lambda _: True, **more)
    return [(each.subject, each.fingers[0].finger.version) for each in found.candidates]


def others(first, count):
    text = b"bbbbbbbb"
    return [
        Enrolment(replace(ADA, record=f"asylum:finger:{n}", subject=f"asylum:person:{n}"), (Views(b"FAKE" + text),))
        for n in range(first, first + count)
    ]


@pytest.mark.parametrize("calibration", [None, CALIBRATION])
@pytest.mark.parametrize("like", [False, True])
@pytest.mark.parametrize("probes", [1, 10])
def test_a_record_that_is_replaced_again_and_again_is_found_and_the_search_ends(calibration, like, probes):
    versions = iter(range(2, 99))

    def replaced():
        gallery.apply([Enrolment(replace(ADA, version=next(versions)), (PRINT, PRINT))])

    engine = Meanwhile(*[replaced] * 50)
    gallery = Gallery(engine, calibration)
    gallery.apply([Enrolment(ADA, (PRINT,)), *others(5, 3)])
    assert search(gallery, [PRINT] * probes, positions=[ADA.position] * probes, like_positions=like) == [
        ("asylum:person:1", 1)
    ]
    looks = probes * (1 if calibration is None else 2)
    assert next(versions) == 2 + looks, "each probe looks once, whatever happens meanwhile"


def test_what_is_removed_meanwhile_is_not_told_and_what_was_replaced_before_is_not_either():
    def replaced_and_removed():
        gallery.apply([Enrolment(replace(ADA, version=2), (PRINT,)), Removal(ADA.record, 3)])

    def scanned_before():
        pass

    gallery = Gallery(Meanwhile(scanned_before, replaced_and_removed))
    gallery.apply([Enrolment(ADA, (PRINT,))])
    assert search(gallery, [PRINT, PRINT]) == []
    assert gallery.templates == 0


def test_who_was_removed_is_not_told_though_the_record_is_another_persons_by_then():
    other = replace(ADA, version=4, subject="asylum:person:9")

    def anew():
        gallery.apply([Removal(ADA.record, 3), Enrolment(other, (PRINT,))])

    gallery = Gallery(Meanwhile(lambda: None, anew))
    gallery.apply([Enrolment(ADA, (PRINT,))])
    assert search(gallery, [PRINT, PRINT]) == []
    assert search(gallery) == [("asylum:person:9", 4)]


class Comparing(FakeEngine):
    """Lets something happen while a verification compares, each time that it does."""

    def __init__(self, *happens):
        self.happens = list(happens)

    def scores(self, probe, candidates):
        if self.happens:
            self.happens.pop(0)()
        return super().scores(probe, candidates)


def anyone(_system):
    return True


def verified(gallery, by):
    matching = Matching(gallery)
    if by == "record":
        return matching.verify_record(PRINT, ADA.record, 0.001, anyone)
    return matching.verify_subject(PRINT, ADA.subject, 0.001, anyone)


@pytest.mark.parametrize("by", ["record", "subject"])
@pytest.mark.parametrize("anew", [(), (Enrolment(replace(ADA, version=4), (PRINT,)),)])
def test_a_verification_tells_nothing_of_who_was_erased_while_it_compared(by, anew):
    gallery = Gallery(Comparing(lambda: gallery.apply([Removal(ADA.record, 3), *anew])))
    with pytest.raises(UnknownFingerprint) as never:
        verified(gallery, by)
    gallery.apply([Enrolment(ADA, (PRINT,))])
    with pytest.raises(UnknownFingerprint) as erased:
        verified(gallery, by)
    assert str(erased.value) == str(never.value)


def test_a_verification_goes_on_with_the_fingers_that_were_not_erased_while_it_compared():
    other = replace(ADA, record="asylum:finger:2")
    gallery = Gallery(Comparing(lambda: gallery.apply([Removal(ADA.record, 3)])))
    gallery.apply([Enrolment(ADA, (PRINT, PRINT)), Enrolment(other, (PRINT,))])
    found = verified(gallery, "subject")
    assert (found.finger, found.comparisons, found.decision.match) == (other, 1, True)


def test_a_verification_with_what_was_replaced_while_it_compared_stands():
    gallery = Gallery(Comparing(lambda: gallery.apply([Enrolment(replace(ADA, version=2), (PRINT,))])))
    gallery.apply([Enrolment(ADA, (PRINT,))])
    assert verified(gallery, "record").finger == ADA


@pytest.mark.parametrize(
    ("before", "change"),
    [
        ([Enrolment(ADA, (PRINT,))], Removal(ADA.record, 2)),
        ([Enrolment(ADA, (PRINT,))], Enrolment(replace(ADA, version=2, subject="asylum:person:9"), (PRINT, PRINT))),
        ([Removal(ADA.record, 1)], Enrolment(replace(ADA, version=2), (PRINT,))),
    ],
)
def test_what_is_told_of_a_record_is_of_one_version_though_it_changes_meanwhile(before, change):
    class Records(dict):
        looks = 0

        def get(self, record):
            found = super().get(record)
            self.looks += 1
            if self.looks == 1:
                gallery.apply([change])
            return found

    quiet, gallery = Gallery(FakeEngine()), Gallery(FakeEngine())
    for each in (quiet, gallery):
        each.apply(before)
    gallery._held = Records(gallery._held)
    assert record_answer(gallery, ADA.record) == record_answer(quiet, ADA.record)


def test_what_is_removed_is_cleared_with_all_its_versions_at_once():
    gallery = Gallery(FakeEngine())
    gallery.apply([Enrolment(ADA, (PRINT,)), *others(5, 1)])
    with gallery.search() as seen:
        gallery.apply([Enrolment(replace(ADA, version=2), (PRINT,)), Removal(ADA.record, 3)])
        assert [place for place in range(4) if seen.rows[0][place] is not None] == [1]


def test_what_is_replaced_is_cleared_once_the_searches_that_may_look_there_have_ended():
    gallery = Gallery(FakeEngine())

    def replaced(version):
        gallery.apply([Enrolment(replace(ADA, version=version), (PRINT,))])

    def standing(seen):
        return [place for place in range(5) if seen.rows[0][place] is not None]

    replaced(1)
    with gallery.search() as first:
        replaced(2)
        with gallery.search() as second:
            replaced(3)
            assert standing(second) == [0, 1, 2]
            assert [each is None for each in second.owners] == [True, False]
            assert [each is None for each in first.owners] == [False]
        assert standing(first) == [0, 1, 2], "the older search may look at both"
    assert standing(first) == [2]
    replaced(4)
    assert standing(first) == [3], "with nobody looking it is cleared at once"


def test_so_it_is_where_the_row_grows_and_where_it_is_copied_into_a_smaller_one(monkeypatch):
    monkeypatch.setattr(gallery_module, "FIRST_CAPACITY", 4)

    def grows():
        gallery.apply([Enrolment(replace(ADA, version=2), (PRINT,)), *others(5, 30)])

    def shrinks():
        changes = [Enrolment(replace(each.finger, version=2), ()) for each in others(5, 30)]
        gallery.apply([*changes, Enrolment(replace(ADA, version=3), (PRINT,)), *others(50, 40)])

    gallery = Gallery(Meanwhile(grows, shrinks))
    gallery.apply([Enrolment(ADA, (PRINT,))])
    assert search(gallery) == [("asylum:person:1", 1)]
    assert search(gallery) == [("asylum:person:1", 2)], "grown, the row has it at its new place"
    assert search(gallery) == [("asylum:person:1", 3)]


def test_a_verification_ends_early_only_where_the_match_is_certain_among_all_images_of_the_person():
    """One score is enough for one comparison, and is not for the nine of a person whose images are as many."""

    class Scoring(FakeEngine):
        def score(self, probe, candidate):
            _ = probe
            return float(candidate[4])

    gallery = Gallery(Scoring(), CALIBRATION)
    enough_for_one = Views(b"FAKE" + bytes([56]), b"FAKE" + bytes([60]), 30)
    gallery.apply([Enrolment(ADA, (enough_for_one, *[Views(b"FAKE\x01", b"FAKE\x01", 30)] * 8))])
    probe = Views(b"FAKE", b"FAKE", 30)
    verified = Matching(gallery).verify_subject(probe, ADA.subject, 0.001, lambda _: True)
    whole = Matching(gallery).verify_pair(probe, enough_for_one, 0.001)
    assert verified.decision.score == whole.decision.score
    assert verified.decision.match
