"""What a search compares is chosen before it compares anything, and nobody is lost who would have been found."""

from hypothesis import given
from hypothesis import strategies as st

from biometrics.calibration import CALIBRATION
from biometrics.comparing import Views
from biometrics.gallery import Enrolled, Enrolment, Gallery, Removal
from biometrics.matching import Matching
from biometrics.places import Filter
from contracts.records import FingerPosition
from tests.unit.biometrics.fakes import FakeEngine

SYSTEMS = ("alerts", "asylum", "registration")
UNKNOWN, INDEX, THUMB = FingerPosition.UNKNOWN, FingerPosition.RIGHT_INDEX, FingerPosition.RIGHT_THUMB


class CountingEngine(FakeEngine):
    """Counts the calls and the templates that were compared."""

    def __init__(self):
        self.calls = self.compared = 0

    def scan(self, probe, scan, count):
        self.calls += 1
        self.compared += count
        return super().scan(probe, scan, count)

    def scan_places(self, probes, scans, places):
        self.calls += 1
        self.compared += len(places)
        found = [[row[place] for place in places] for row in scans]
        return sum(FakeEngine.scan(self, probe, row, len(row)) for probe, row in zip(probes, found, strict=True))


def enrolled(number, system, position=UNKNOWN, text=b"aaaaaaaa"):
    owner = Enrolled(f"{system}:finger:{number}", f"{system}:person:{number % 3}", system, position, 1, "e")
    return Enrolment(owner, (Views(b"FAKE" + text, b"FAKE" + text, 30),))


records = st.lists(
    st.tuples(st.sampled_from(SYSTEMS), st.sampled_from([UNKNOWN, INDEX, THUMB]), st.binary(min_size=8, max_size=8)),
    max_size=12,
)


def search(gallery, probe, may_see, **more):
    return Matching(gallery).identify([probe], rate=0.001, limit=100, lowest=10, may_see=may_see, **more)


@given(records, st.sets(st.sampled_from(SYSTEMS)), st.integers(0, 3), st.sampled_from([None, CALIBRATION]))
def test_systems_that_are_left_out_before_the_scan_leave_what_a_gallery_without_them_gives(
    held, seen, removed, calibration
):
    whole, part = Gallery(FakeEngine(), calibration), Gallery(FakeEngine(), calibration)
    changes = [enrolled(n, *each) for n, each in enumerate(held)]
    changes += [Removal(each.finger.record, 2) for each in changes[:removed]]
    whole.apply(changes)
    part.apply(
        each
        for each in changes
        if (each.record if isinstance(each, Removal) else each.finger.record).split(":")[0] in seen
    )
    probe = Views(b"FAKEaaaaaaaa", b"FAKEaaaaaaaa", 30)
    found, expected = (search(gallery, probe, lambda system: system in seen) for gallery in (whole, part))
    assert found.candidates == expected.candidates
    assert (found.threshold, found.templates) == (expected.threshold, expected.templates)


def test_what_is_left_out_costs_nothing_and_a_scan_stays_one_call():
    engine = CountingEngine()
    gallery = Gallery(engine)
    gallery.apply(enrolled(n, SYSTEMS[n % 3]) for n in range(9))
    engine.calls = 0
    assert search(gallery, Views(b"FAKEaaaaaaaa"), lambda system: system == "asylum").templates == 3
    assert (engine.calls, engine.compared) == (1, 3)
    assert not search(gallery, Views(b"FAKEaaaaaaaa"), lambda _: False).candidates


def test_unlike_fingers_are_left_out_where_both_are_known_and_the_request_says_so():
    gallery = Gallery(FakeEngine())
    gallery.apply(enrolled(n, "asylum", position) for n, position in enumerate((INDEX, THUMB, UNKNOWN)))
    probe, every = Views(b"FAKEaaaaaaaa"), {f"asylum:person:{n}" for n in range(3)}

    def found(**more):
        return {each.subject for each in search(gallery, probe, lambda _: True, **more).candidates}

    assert found() == found(positions=[UNKNOWN], like_positions=True) == every
    assert found(positions=[INDEX], like_positions=True) == every - {"asylum:person:1"}


def test_all_places_are_no_choice():
    gallery = Gallery(FakeEngine())
    gallery.apply(enrolled(n, "asylum") for n in range(3))
    with gallery.search() as seen:
        assert Filter(lambda _: True).places(seen) is None
        assert Filter(lambda _: True, INDEX).places(seen).tolist() == [0, 1, 2]
