"""The gallery holds every record at its highest version."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from biometrics import gallery as module
from biometrics.calibration import CALIBRATION
from biometrics.candidates import rank
from biometrics.comparing import Views
from biometrics.gallery import Enrolled, Enrolment, Gallery, Removal
from biometrics.rejections import EngineOverloaded
from contracts.records import FingerPosition
from tests.unit.biometrics.fakes import FakeEngine


def finger(record, version, data=b"FAKEaaaaaaaa", subject=None, system="asylum"):
    ref = f"{system}:finger:{record}"
    owner = Enrolled(ref, subject or f"{system}:person:{record}", system, FingerPosition.UNKNOWN, version, "e")
    return Enrolment(owner, (Views(data),))


def candidates(gallery, probe, limit=10, may_see=lambda _: True):
    with gallery.search() as seen:
        scores = gallery.scan(Views(probe), seen)
    return rank([scores], seen.owners, lambda owner: may_see(owner.system), limit, lambda _: 50.0)


def subjects(gallery, probe, **more):
    return [each.subject for each in candidates(gallery, probe, **more)]


def test_what_is_enrolled_is_found():
    gallery = Gallery(FakeEngine())
    gallery.apply([finger("a", 1), finger("b", 1, b"FAKEbbbbbbbb")])
    assert subjects(gallery, b"FAKEbbbbbbbb") == ["asylum:person:b"]
    assert gallery.fingers == 2


def test_a_late_older_event_brings_nothing_back():
    gallery = Gallery(FakeEngine())
    gallery.apply([finger("a", 5), Removal("asylum:finger:a", 7), finger("a", 6)])
    assert subjects(gallery, b"FAKEaaaaaaaa") == []
    assert gallery.version_of("asylum:finger:a") == 7
    assert gallery.fingers == gallery.templates == 0


def test_a_newer_version_replaces_the_older_one():
    gallery = Gallery(FakeEngine())
    gallery.apply([finger("a", 1), finger("a", 2, b"FAKEcccccccc")])
    assert subjects(gallery, b"FAKEaaaaaaaa") == []
    assert subjects(gallery, b"FAKEcccccccc") == ["asylum:person:a"]


class Exhausted(FakeEngine):
    """An engine whose memory is at its end after some templates."""

    def __init__(self, room):
        self.room = room

    def put(self, scan, place, template):
        if template is not None:
            self.room -= 1
            if self.room < 0:
                raise EngineOverloaded("The heap is full.")
        super().put(scan, place, template)


def test_a_replacement_that_the_engine_fails_at_leaves_what_was_held():
    engine = Exhausted(3)
    gallery = Gallery(engine)
    both = Enrolment(finger("a", 2).finger, (Views(b"FAKEcccccccc"), Views(b"FAKEdddddddd")))
    gallery.apply([finger("a", 1), finger("b", 1, b"FAKEbbbbbbbb")])
    with pytest.raises(EngineOverloaded):
        gallery.apply([both])
    assert subjects(gallery, b"FAKEaaaaaaaa") == ["asylum:person:a"]
    assert (gallery.version_of("asylum:finger:a"), gallery.fingers, gallery.templates) == (1, 2, 2)
    engine.room = 9
    gallery.apply([both, finger("c", 1, b"FAKEeeeeeeee")])
    assert [subjects(gallery, b"FAKE" + each * 8) for each in (b"a", b"c", b"d", b"e")] == [
        [],
        ["asylum:person:a"],
        ["asylum:person:a"],
        ["asylum:person:c"],
    ]
    assert (gallery.fingers, gallery.templates) == (3, 4)


class Stuck(FakeEngine):
    """An engine that fails at some of the places that it frees."""

    fails = 0

    def put(self, scan, place, template):
        if template is None and self.fails:
            self.fails -= 1
            raise EngineOverloaded("The heap is full.")
        super().put(scan, place, template)


@pytest.mark.parametrize("fails", [1, 2, 3])
@pytest.mark.parametrize(
    ("change", "version", "counts", "found"),
    [
        (finger("a", 2, b"FAKEcccccccc"), 2, (2, 2), {b"c": ["asylum:person:a"], b"a": []}),
        (Removal("asylum:finger:a", 2), 2, (1, 1), {b"a": []}),
        (Enrolment(finger("a", 2).finger, ()), 2, (2, 1), {b"a": []}),
    ],
)
def test_what_the_engine_fails_to_free_is_counted_and_found_no_more_and_is_freed_later(
    fails, change, version, counts, found
):
    engine = Stuck()
    gallery = Gallery(engine)
    both = Enrolment(finger("a", 1).finger, (Views(b"FAKEaaaaaaaa"), Views(b"FAKEaaaaaaa2")))
    gallery.apply([both, finger("b", 1, b"FAKEbbbbbbbb")])
    engine.fails = fails
    for _again in range(2):
        gallery.apply([change])
        assert (gallery.version_of("asylum:finger:a"), (gallery.fingers, gallery.templates)) == (version, counts)
    for _search in range(2):
        assert {each: subjects(gallery, b"FAKE" + each * 8) for each in found} == found
    assert subjects(gallery, b"FAKEbbbbbbbb") == ["asylum:person:b"]
    with gallery.search() as seen:
        standing = [place for place in range(9) if seen.rows[0][place] is not None]
        assert standing == [place for place, owner in enumerate(seen.owners) if owner is not None]


def test_what_is_erased_is_gone_though_the_engine_fails_to_free_what_it_replaced():
    engine = Stuck()
    gallery = Gallery(engine)
    gallery.apply([finger("a", 1)])
    with gallery.search() as seen:
        gallery.apply([finger("a", 2)])
        engine.fails = 1
        gallery.apply([Removal("asylum:finger:a", 3)])
        assert gallery.was_removed(seen.owners[0])
        assert (gallery.find("asylum:finger:a"), gallery.fingers, gallery.templates) == (None, 0, 0)
    assert [seen.rows[0][place] for place in (0, 1)] == [None, None], "as the search ends it is tried again"


def test_a_record_comes_back_with_a_newer_version():
    gallery = Gallery(FakeEngine())
    gallery.apply([finger("a", 1), Removal("asylum:finger:a", 2), finger("a", 3)])
    assert subjects(gallery, b"FAKEaaaaaaaa") == ["asylum:person:a"]


def test_an_image_and_its_view_keep_their_place_however_often_the_rows_move(monkeypatch):
    monkeypatch.setattr(module, "FIRST_CAPACITY", 4)
    gallery = Gallery(FakeEngine(), CALIBRATION)
    pairs = [Views(b"FAKE%08d" % n, b"FAKE%08d" % -n, 30) for n in range(1, 20)]
    for version in range(3):
        for n, views in enumerate(pairs):
            owner = Enrolled(f"asylum:finger:{n}", f"asylum:person:{n}", "asylum", FingerPosition.UNKNOWN, version, "e")
            gallery.apply([Enrolment(owner, (views,))])
    gallery.apply([Removal("asylum:finger:0", 3)])
    with gallery.search() as seen:
        scores = [gallery.scan(views, seen) for views in pairs]
    whole = CALIBRATION.on_scale(np.array([200.0]), 30, 30.0)
    for n, found in enumerate(scores[1:], 1):
        (place,) = (found == whole).nonzero()[0]
        assert seen.owners[place].record == f"asylum:finger:{n}"


def test_systems_that_the_caller_may_not_see_do_not_exist():
    gallery = Gallery(FakeEngine())
    gallery.apply([finger("a", 1), finger("a", 1, system="alerts")])
    assert subjects(gallery, b"FAKEaaaaaaaa", may_see=lambda s: s == "alerts") == ["alerts:person:a"]


def test_a_search_that_runs_while_the_gallery_changes_gives_nobody_anothers_score(monkeypatch):
    monkeypatch.setattr(module, "FIRST_CAPACITY", 4)
    gallery = Gallery(FakeEngine())
    gallery.apply([finger(str(n), 1) for n in range(4)])
    with gallery.search() as seen:
        scores = gallery.scan(Views(b"FAKEaaaaaaaa"), seen)
        gallery.apply([Removal("asylum:finger:0", 2), *(finger(str(n), 1, b"FAKEzzzzzzzz") for n in range(5, 30))])
    found = {each.subject for each in rank([scores], seen.owners, lambda _: True, 100, lambda _: 50.0)}
    assert found <= {f"asylum:person:{n}" for n in range(4)}


def test_probes_of_one_person_are_summed_and_another_impression_of_a_finger_is_not():
    gallery = Gallery(FakeEngine())
    gallery.apply(
        [
            finger("a1", 1, b"FAKE11111111", "asylum:person:a"),
            finger("a1again", 1, b"FAKE11111111", "asylum:person:a"),
            finger("a2", 1, b"FAKE22222222", "asylum:person:a"),
            finger("b1", 1, b"FAKE11111111", "asylum:person:b"),
        ]
    )
    with gallery.search() as seen:
        scores = [gallery.scan(Views(probe), seen) for probe in (b"FAKE11111111", b"FAKE22222222")]
    first, second = rank(scores, seen.owners, lambda _: True, 10, lambda _: 50.0)
    assert (first.subject, first.score) == ("asylum:person:a", 200.0)
    assert (second.subject, second.score) == ("asylum:person:b", 100.0)


changes = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 6), st.booleans()),
    max_size=40,
)


@given(changes, st.randoms())
def test_the_order_and_repetition_of_events_do_not_matter(said, chance):
    events = {}
    for record, version, removal in said:
        # One version of a record says one thing.
        events.setdefault((record, version), removal)
    made = [
        Removal(f"asylum:finger:{r}", v) if removal else finger(str(r), v, b"FAKE" + str(v).encode() * 8)
        for (r, v), removal in events.items()
    ]
    shuffled = made + chance.sample(made, len(made) // 2)
    chance.shuffle(shuffled)
    one, other = Gallery(FakeEngine()), Gallery(FakeEngine())
    one.apply(made)
    other.apply(shuffled)
    expected = {}
    for (record, version), removal in events.items():
        if version >= expected.get(record, (-1, None))[0]:
            expected[record] = (version, removal)
    for gallery, record in itertools.product((one, other), range(6)):
        version, removed = expected.get(record, (-1, True))
        assert gallery.version_of(f"asylum:finger:{record}") == version
        assert (gallery.find(f"asylum:finger:{record}") is None) is removed
    assert one.fingers == other.fingers == one.templates == other.templates


@pytest.mark.parametrize("rounds", [3000])
def test_places_of_replaced_fingers_are_reclaimed(rounds):
    gallery = Gallery(FakeEngine())
    gallery.apply(finger("a", version) for version in range(rounds))
    with gallery.search() as seen:
        assert seen.count <= module.FIRST_CAPACITY
    assert gallery.templates == 1
    assert subjects(gallery, b"FAKEaaaaaaaa") == ["asylum:person:a"]


class Row:
    """What a gallery must hold, kept without places: the last that was said of each record."""

    def __init__(self):
        self.records = {}

    def enrol(self, record, subject, templates):
        self.records[record] = (f"asylum:person:{subject}", tuple(b"FAKE%08d" % each for each in templates))

    def found(self, probe):
        return sorted(subject for subject, templates in self.records.values() for each in templates if each == probe)


steps = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.integers(0, 2),
        st.one_of(st.none(), st.lists(st.integers(0, 5), min_size=1, max_size=5)),
    ),
    max_size=60,
)


@given(steps)
def test_every_place_holds_what_was_last_said_of_its_record_however_often_the_row_moved(said):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "FIRST_CAPACITY", 4)
        gallery, model = Gallery(FakeEngine()), Row()
    for version, (record, subject, templates) in enumerate(said):
        ref = f"asylum:finger:{record}"
        if templates is None:
            gallery.apply([Removal(ref, version)])
            model.records.pop(ref, None)
        else:
            owner = Enrolled(ref, f"asylum:person:{subject}", "asylum", FingerPosition.UNKNOWN, version, "e")
            gallery.apply([Enrolment(owner, tuple(Views(b"FAKE%08d" % each) for each in templates))])
            model.enrol(ref, subject, templates)
        with gallery.search() as seen:
            for probe in (b"FAKE%08d" % each for each in range(6)):
                hit = [seen.owners[place] for place in (gallery.scan(Views(probe), seen) == 100.0).nonzero()[0]]
                assert sorted(owner.subject for owner in hit) == model.found(probe)
        assert gallery.templates == sum(len(templates) for _, templates in model.records.values())
        assert gallery.fingers == len(model.records)


def test_a_record_that_is_replaced_as_the_row_moves_leaves_nothing_of_its_old_self(monkeypatch):
    monkeypatch.setattr(module, "FIRST_CAPACITY", 4)
    gallery = Gallery(FakeEngine())
    gallery.apply([finger("b", 1, b"FAKEbbbbbbbb")])
    for version, data in enumerate((b"FAKE11111111", b"FAKE22222222", b"FAKE33333333", b"FAKE44444444"), 1):
        gallery.apply([finger("a", version, data)])
    assert subjects(gallery, b"FAKE44444444") == ["asylum:person:a"]
    assert subjects(gallery, b"FAKE33333333") == []
    assert subjects(gallery, b"FAKEbbbbbbbb") == ["asylum:person:b"]


def test_a_record_none_of_whose_templates_can_be_read_is_told_until_one_can_or_it_ends():
    gallery = Gallery(FakeEngine())
    bare = [Enrolment(finger(key, 2).finger, ()) for key in "ab"]
    gallery.apply([finger("a", 1), *bare, Enrolment(finger("c", 1, system="hidden").finger, ())])
    assert gallery.bare(lambda system: system == "asylum") == ("asylum:finger:a", "asylum:finger:b")
    gallery.apply([finger("a", 3), Removal("asylum:finger:b", 3)])
    assert gallery.bare(lambda system: system == "asylum") == ()
