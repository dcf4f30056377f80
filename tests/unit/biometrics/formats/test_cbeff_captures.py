"""Which fingers a CBEFF document tells where its words or its records leave several open, or contradict each other."""

import pytest

from biometrics.formats.minutiae import MinutiaeFormat
from biometrics.formats.minutiae_writing import write_minutiae
from biometrics.formats.positions import Missing, Position
from biometrics.formats.reading import one_finger
from biometrics.rejections import NoFinger, SeveralFingers, UnreadableRecord
from contracts.records import FingerPosition
from tests.unit.biometrics.formats.made import (
    PIXELS,
    SLAP,
    bir,
    cbeff,
    corners,
    encoded,
    finger,
    fir_2005,
    fir_2011,
    read,
    ridges,
    segmentation,
)

PNG = encoded(ridges(), "PNG", dpi=(500, 500))
SLAP_PNG = encoded(SLAP, "PNG")
ISO = [MinutiaeFormat.ISO_2005, MinutiaeFormat.ISO_2011]
EXCEPTION = '<others><entry key="EXCEPTION">true</entry></others>'
LEFT, RIGHT = frozenset(map(FingerPosition, range(6, 11))), frozenset(map(FingerPosition, range(1, 6)))
INDEX, MIDDLE = FingerPosition.LEFT_INDEX, FingerPosition.LEFT_MIDDLE
THUMBS = frozenset({FingerPosition.LEFT_THUMB, FingerPosition.RIGHT_THUMB})
ODD_WORDS = ["LeftPalm", "Left Palm", "Palm", "Left IndexFinger Palm", "LeftIndexFinger", "Left,Thumb", "Toe UNKNOWN"]
ODD = "doubtful: the document tells what is shown in words that its schema does not have; "


def views(*positions):
    """A record of as many takes of 2005, raw."""
    return fir_2005(*[(position, PIXELS) for position in positions], compression=0)


def views_of_2011(*positions):
    return fir_2011(*[(position, PIXELS) for position in positions], compression=0)


def templates(edition):
    def record(*positions):
        qualities = range(90, 0, -10)
        told = zip(positions, qualities, strict=False)
        return write_minutiae([finger(position=Position(code), quality=quality) for code, quality in told], edition)

    return record


def slap_of(position, *places):
    """A record of one image, and where on it fingers are: each a position, side by side."""
    told = [(code, 70, corners(200 * at, 0, 200 * at + 190, 400)) for at, code in enumerate(places)]
    return fir_2011((position, SLAP_PNG, segmentation(*told)), size=(800, 500), compression=6)


RECORDS = {
    "fir-2005": views,
    "fir-2011": views_of_2011,
    "fmr-2005": templates(ISO[0]),
    "fmr-2011": templates(ISO[1]),
    "cut": lambda *positions: slap_of(0, *positions),
}
of_every_kind = pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS)


@pytest.mark.parametrize(
    ("words", "among"),
    [
        ("Left", LEFT),
        ("right UNKNOWN", RIGHT),
        ("Left IndexFinger MiddleFinger", {INDEX, MIDDLE}),
        ("Thumb", THUMBS),
        ("Left Right Thumb", THUMBS),
        ("Left Right", LEFT | RIGHT),
        ("", ()),
        ("UNKNOWN", ()),
    ],
)
@pytest.mark.parametrize("block", [PNG, views(0), templates(ISO[0])(0)], ids=["png", "fir", "fmr"])
def test_words_that_do_not_name_one_finger_leave_those_that_they_name(words, among, block):
    document = cbeff(bir(block, words))
    (sample,) = read(document).samples
    assert (sample.capture.position, sample.capture.among, sample.notes) == (Position.UNKNOWN, frozenset(among), ())
    for wanted in sorted(LEFT | RIGHT):
        if among and wanted not in among:
            with pytest.raises(NoFinger, match="does not hold"):
                read(document, finger=wanted)
        else:
            assert read(document, finger=wanted).samples == (sample,)


def test_what_cannot_be_read_stands_only_in_the_way_of_the_fingers_that_the_words_leave():
    document = cbeff(bir(PNG, ""), bir(b"some other thing", "Left IndexFinger MiddleFinger"))
    assert len(read(document, finger=FingerPosition.RIGHT_INDEX).samples) == 1
    with pytest.raises(UnreadableRecord, match="form"):
        read(document, finger=MIDDLE)


def test_what_a_record_tells_itself_wins_over_words_that_leave_several():
    for inner, among in ((7, ()), (14, ())):
        (sample,) = read(cbeff(bir(views(inner), "Left"))).samples
        assert (sample.capture.position, sample.capture.among, sample.notes) == (inner, frozenset(among), ())
    (cut,) = read(cbeff(bir(slap_of(43, 0), "Left"))).samples
    assert cut.capture.among == {INDEX, MIDDLE}


@pytest.mark.parametrize(
    ("inner", "words", "told", "counts"),
    [
        (views(2), "Left IndexFinger MiddleFinger", "left index or left middle", "right index"),
        (views(13), "Left IndexFinger MiddleFinger", "left index or left middle", "right four"),
        (views(13), "Left IndexFinger", "left index", "right four"),
        (slap_of(40, 0), "Left IndexFinger", "left index", "right index or right middle"),
        (slap_of(13, 2), "Left IndexFinger", "left index", "right index"),
    ],
    ids=["finger", "slap", "slap-of-one", "one-of-two", "cut"],
)
def test_a_document_none_of_whose_fingers_its_record_tells_is_doubted(inner, words, told, counts):
    (sample,) = read(cbeff(bir(inner, words))).samples
    assert sample.notes == (f"doubtful: the document tells the {told}; the record's {counts} counts",)


@of_every_kind
def test_each_of_several_fingers_that_are_other_ones_than_the_documents_is_doubted(record):
    samples = read(cbeff(bir(record(2, 3), "Left IndexFinger"))).samples
    assert [each.notes for each in samples] == [
        (f"doubtful: the document tells the left index; the record's {name} counts",)
        for name in ("right index", "right middle")
    ]


def test_of_the_fingers_of_a_slap_the_one_that_the_document_tells_is_not_doubted():
    index, middle = read(cbeff(bir(slap_of(14, 7, 8), "Left IndexFinger"))).samples
    assert index.notes == ()
    assert middle.notes == ("doubtful: the document tells the left index; the record's left middle counts",)


@of_every_kind
def test_several_fingers_that_a_record_tells_no_position_of_are_not_all_the_one_of_the_document(record):
    document = cbeff(bir(record(0, 0), "Left IndexFinger"))
    contents = read(document)
    assert {(each.capture.position, each.capture.among) for each in contents.samples} == {
        (Position.UNKNOWN, frozenset({INDEX}))
    }
    note = "doubtful: the document tells the left index alone, and its record holds several fingers"
    assert [each.notes for each in contents.samples] == [(note,)] * 2
    with pytest.raises(SeveralFingers, match="unknown, unknown"):
        one_finger(contents)
    for wanted in (INDEX, FingerPosition.RIGHT_INDEX):
        with pytest.raises(NoFinger):
            read(document, finger=wanted)


@of_every_kind
def test_one_of_them_that_the_record_names_makes_the_other_none(record):
    document = cbeff(bir(record(7, 0), "Left IndexFinger"))
    contents = read(document)
    assert [each.capture.position for each in contents.samples] == [Position.LEFT_INDEX, Position.UNKNOWN]
    with pytest.raises(SeveralFingers, match="left index, unknown"):
        one_finger(contents)
    (named,) = read(document, finger=INDEX).samples
    assert (named.capture.position, named.notes) == (Position.LEFT_INDEX, ())
    with pytest.raises(NoFinger):
        read(document, finger=FingerPosition.RIGHT_INDEX)


@of_every_kind
def test_each_of_several_is_one_of_those_that_the_words_leave(record):
    samples = read(cbeff(bir(record(0, 0), "Left IndexFinger MiddleFinger"))).samples
    assert [(each.capture.among, each.notes) for each in samples] == [({INDEX, MIDDLE}, ())] * 2


@pytest.mark.parametrize("record", [views, views_of_2011, *map(templates, ISO)])
def test_several_takes_of_a_finger_that_the_record_names_are_takes_of_it(record):
    contents = read(cbeff(bir(record(7, 7), "Left IndexFinger")))
    assert [each.capture.position for each in contents.samples] == [Position.LEFT_INDEX] * 2
    assert one_finger(contents).notes == ()


def of_16_bits(record):
    """A record of 2011 whose second take is in a form that is not read."""
    start = 16 + int.from_bytes(record[16:20])
    return record[: start + 35] + b"\x10" + record[start + 36 :]


def test_what_cannot_be_read_is_as_much_one_of_several_as_what_can():
    block = of_16_bits(views_of_2011(0, 0))
    alone = cbeff(bir(block, "Left IndexFinger"))
    for wanted in (None, INDEX):
        with pytest.raises(UnreadableRecord, match="16 bits"):
            read(alone, finger=wanted)
    with pytest.raises(NoFinger, match="right index"):
        read(alone, finger=FingerPosition.RIGHT_INDEX)
    beside = cbeff(bir(PNG, "Left IndexFinger"), bir(block, "Left IndexFinger"))
    assert [each.capture.position for each in read(beside).samples] == [Position.LEFT_INDEX, Position.UNKNOWN]
    assert len(read(beside, finger=INDEX).samples) == 1


def test_a_finger_without_a_place_is_one_of_several_too():
    places = [(0, 70, corners(0, 0, 190, 400)), (0, 70, corners(200, 0, 200, 0))]
    block = fir_2011((0, SLAP_PNG, segmentation(*places)), size=(800, 500), compression=6)
    with pytest.raises(UnreadableRecord, match="where its fingers are"):
        read(cbeff(bir(block, "Left IndexFinger")))


@pytest.mark.parametrize("words", ODD_WORDS)
@pytest.mark.parametrize("block", [PNG, views(0), templates(ISO[0])(0)], ids=["png", "fir", "fmr"])
def test_words_that_the_schema_does_not_have_make_no_finger(words, block):
    document = cbeff(bir(block, words))
    (sample,) = read(document).samples
    assert (sample.capture.position, sample.notes) == (Position.UNKNOWN_RIDGES, (ODD + "it counts as no finger",))
    with pytest.raises(SeveralFingers, match="not one fingertip"):
        one_finger(read(document))
    for wanted in sorted(LEFT | RIGHT):
        with pytest.raises(NoFinger, match="does not hold"):
            read(document, finger=wanted)


@of_every_kind
def test_nor_do_they_make_one_of_several(record):
    document = cbeff(bir(record(0, 0), "LeftPalm"), bir(record(0, 0), "LeftPalm", extra=EXCEPTION))
    contents = read(document)
    told = {(each.capture.position, each.notes) for each in contents.samples}
    assert told == {(Position.UNKNOWN_RIDGES, (ODD + "it counts as no finger",))}
    assert [each.position for each in contents.missing] == [Position.UNKNOWN_RIDGES]


@pytest.mark.parametrize("words", ODD_WORDS)
def test_a_finger_that_the_record_names_counts_whatever_the_words(words):
    (sample,) = read(cbeff(bir(views(7), words)), finger=INDEX).samples
    assert (sample.capture.position, sample.notes) == (Position.LEFT_INDEX, (ODD + "the record's left index counts",))


def test_what_is_no_finger_stands_in_the_way_of_none():
    for block in (PNG, b"some other thing"):
        document = cbeff(bir(PNG, "Right Thumb"), bir(block, "LeftPalm"))
        (sample,) = read(document, finger=FingerPosition.RIGHT_THUMB).samples
        assert sample.capture.position is Position.RIGHT_THUMB


@pytest.mark.parametrize(
    ("words", "fingers"),
    [
        ("Left IndexFinger MiddleFinger", [7, 8]),
        ("Left", [6, 7, 8, 9, 10]),
        ("Thumb", [1, 6]),
        ("Right Thumb", [1]),
        ("LeftPalm", [18]),
        ("UNKNOWN", [0]),
    ],
)
def test_an_exception_is_of_each_finger_that_its_words_name(words, fingers):
    contents = read(cbeff(bir(views(3)), bir(b"", words, extra=EXCEPTION)))
    assert [(each.position, each.reason) for each in contents.missing] == [(code, Missing.UNKNOWN) for code in fingers]


def test_an_exception_that_shows_a_slap_and_names_no_finger_is_of_each_of_the_slap():
    contents = read(cbeff(bir(views(43), "", extra=EXCEPTION)))
    assert [each.position for each in contents.missing] == [Position.LEFT_INDEX, Position.LEFT_MIDDLE]
    assert "left index middle is told to be missing, and is shown" in contents.samples[0].notes[0]


def test_an_exception_of_several_in_which_another_stands_names_them():
    contents = read(cbeff(bir(views(3), "Left IndexFinger MiddleFinger", extra=EXCEPTION)))
    (note,) = contents.notes
    assert note.startswith("doubtful: the left index and the left middle are told to be an exception, in whose record")
    assert note.endswith("the right middle stands; it was read")


def test_an_empty_record_of_several_fingers_names_them():
    notes = read(cbeff(bir(PNG), bir(b"", "Thumb"), bir(b"", "LeftPalm"))).notes
    assert notes == (
        "passed over: a record of the right thumb or left thumb that holds nothing",
        "passed over: a record of a finger that holds nothing",
    )
