"""CBEFF documents as MOSIP uses them: the fingers inside, with what the document tells where they tell nothing."""

import base64

import pytest

from biometrics.formats.minutiae import MinutiaeFormat
from biometrics.formats.minutiae_writing import write_minutiae
from biometrics.formats.positions import Missing, Position
from biometrics.formats.reading import one_finger
from biometrics.rejections import NoFinger, Rejected, UndecodableImage, UnreadableRecord
from contracts.records import FingerPosition
from tests.unit.biometrics.formats.made import (
    SLAP,
    bir,
    cbeff,
    corners,
    encoded,
    finger,
    fir_2005,
    fir_2011,
    ramp,
    read,
    ridges,
    segmentation,
)

FIR = fir_2005((0, encoded(ramp(), "JPEG2000")))
PNG = encoded(ridges(), "PNG", dpi=(500, 500))


def test_images_and_templates_inside_are_read():
    template = write_minutiae([finger(position=Position.UNKNOWN, quality=None)], MinutiaeFormat.ISO_2005)
    contents = read(cbeff(bir(FIR), bir(template, "Right Thumb")))
    image, minutiae = contents.samples
    assert contents.format == "cbeff"
    assert (image.capture.position, image.image.dpi) == (Position.LEFT_INDEX, 500)
    assert (minutiae.capture.position, minutiae.capture.quality) == (Position.RIGHT_THUMB, 90)


def test_what_a_record_tells_itself_wins_over_the_document():
    inner = fir_2005((4, encoded(ramp(), "JPEG2000")))
    (sample,) = read(cbeff(bir(inner, "Left IndexFinger"))).samples
    assert (sample.capture.position, sample.capture.quality) == (Position.RIGHT_RING, 80)


@pytest.mark.parametrize(
    ("words", "position"),
    [
        ("Left IndexFinger", Position.LEFT_INDEX),
        ("IndexFinger Left", Position.LEFT_INDEX),
        ("Right LittleFinger", Position.RIGHT_LITTLE),
        ("Left Thumb", Position.LEFT_THUMB),
        ("Left", Position.UNKNOWN),
        ("Left IndexFinger MiddleFinger", Position.UNKNOWN),
        ("", Position.UNKNOWN),
        ("UNKNOWN", Position.UNKNOWN),
    ],
)
def test_fingers_are_named_in_words(words, position):
    assert read(cbeff(bir(FIR, words))).samples[0].capture.position is position


def test_a_bare_image_inside_is_read():
    data = encoded(ridges(), "PNG", dpi=(500, 500))
    assert read(cbeff(bir(data))).samples[0].image.pixels == ridges().tobytes()


def test_a_finger_that_could_not_be_taken_is_kept():
    contents = read(cbeff(bir(FIR), bir(b"", "Left RingFinger", extra=EXCEPTION)))
    assert [(each.position, each.reason) for each in contents.missing] == [(Position.LEFT_RING, Missing.UNKNOWN)]


EXCEPTION = "<Others><Key>EXCEPTION</Key><Value>true</Value></Others>"
ENTRIES = (
    '<others><entry key="SPEC_VERSION">0.9.5</entry><entry key="EXCEPTION">true</entry>'
    '<entry key="RETRIES">1</entry></others>'
)


@pytest.mark.parametrize(
    "told",
    [
        ENTRIES,
        ENTRIES.replace("true", " TRUE\n").replace("key=", "Key=").replace("entry", "Entry"),
        '<o:others xmlns:o="other">' + ENTRIES[8:-9].replace("entry", "o:entry") + "</o:others>",
        "<Others><Key>RETRIES</Key><Value>1</Value></Others>" + EXCEPTION,
        "<Others><Key>RETRIES</Key><Value>1</Value><Key>EXCEPTION</Key><Value>true</Value></Others>",
    ],
)
@pytest.mark.parametrize("block", [b"", FIR])
def test_every_form_of_an_exception_is_read(told, block):
    contents = read(cbeff(bir(FIR), bir(block, "Left IndexFinger", extra=told)))
    assert [(each.position, each.reason) for each in contents.missing] == [(Position.LEFT_INDEX, Missing.UNKNOWN)]
    assert len(contents.samples) == (2 if block else 1)


@pytest.mark.parametrize(
    "told",
    [
        ENTRIES.replace("true", "false"),
        ENTRIES.replace('"EXCEPTION"', '"FORCE_CAPTURED"'),
        '<others><entry key="EXCEPTION"/><entry key="FORCE_CAPTURED">true</entry></others>',
        "<Others><Key>EXCEPTION</Key><Value>false</Value><Key>RETRIES</Key><Value>true</Value></Others>",
        "<Others><Key>EXCEPTION</Key></Others><Others><Value>true</Value></Others>",
    ],
)
def test_what_is_no_exception_is_none(told):
    assert read(cbeff(bir(FIR, extra=told))).missing == ()


def test_a_record_of_a_finger_that_holds_nothing_is_a_note():
    contents = read(cbeff(bir(FIR), *[bir(b"", "Right Thumb")] * 3, bir(b"", "")))
    assert len(contents.samples) == 1
    assert contents.notes == (
        "passed over: a record of the right thumb that holds nothing",
        "passed over: a record of a finger that holds nothing",
    )


@pytest.mark.parametrize(
    "container",
    ["<BIR/>", "<BIR><BIRInfo/></BIR>", bir(b"", extra=bir(b"", kind="Face")), bir(b"FAC", kind="Face")],
)
def test_what_only_holds_records_and_what_is_of_no_finger_is_no_empty_finger(container):
    assert not any("nothing" in note for note in read(cbeff(bir(FIR), container)).notes)


def test_all_blocks_of_a_record_are_read_and_those_of_the_records_inside_of_it():
    more = "<BDB>{}</BDB>".format(base64.b64encode(fir_2005((4, encoded(ramp(), "JPEG2000")))).decode())
    inside = bir(PNG, "Right Thumb") + bir(b"", "Left Thumb", extra=ENTRIES)
    contents = read(cbeff(bir(FIR, extra=more + "<BDB/>" + inside)))
    positions = [each.capture.position for each in contents.samples]
    assert positions == [Position.LEFT_INDEX, Position.RIGHT_RING, Position.RIGHT_THUMB]
    assert [each.position for each in contents.missing] == [Position.LEFT_THUMB]


@pytest.mark.parametrize("kind", ["Finger Face", "face\tfinger", "\n  Finger ", ""])
def test_a_record_of_several_kinds_is_of_a_finger_where_it_is_one_of_them(kind):
    assert len(read(cbeff(bir(FIR, kind=kind))).samples) == 1


def test_a_record_of_several_kinds_other_than_fingers_names_each():
    assert read(cbeff(bir(FIR), bir(b"FAC", kind="Iris Face"))).notes == ("passed over: face, iris",)


@pytest.mark.parametrize(("told", "inner"), [("Left RingFinger", 0), ("Left RingFinger", 9), ("", 9)])
def test_an_exception_that_is_shown_all_the_same_is_kept_and_read(told, inner):
    shown = fir_2005((inner, encoded(ramp(), "JPEG2000")))
    contents = read(cbeff(bir(FIR), bir(shown, told, extra=EXCEPTION)))
    assert [(each.position, each.reason) for each in contents.missing] == [(Position.LEFT_RING, Missing.UNKNOWN)]
    assert [each.capture.position for each in contents.samples] == [Position.LEFT_INDEX, Position.LEFT_RING]
    assert contents.samples[1].notes == (
        "doubtful: the left ring is told to be missing, and is shown all the same; it was read",
    )


def test_an_exception_in_which_another_finger_stands_says_so_and_not_that_it_is_shown():
    contents = read(cbeff(bir(fir_2005((3, encoded(ramp(), "JPEG2000"))), "Left IndexFinger", extra=ENTRIES)))
    assert [each.position for each in contents.missing] == [Position.LEFT_INDEX]
    assert [each.capture.position for each in contents.samples] == [Position.RIGHT_MIDDLE]
    assert contents.notes == (
        "doubtful: the left index is told to be an exception, in whose record the right middle stands; it was read",
    )


def test_a_slap_in_the_record_of_an_exception_is_doubted():
    slap = fir_2005((14, encoded(ramp(), "JPEG2000")))
    (note,) = read(cbeff(bir(slap, "Left IndexFinger", extra=ENTRIES))).notes
    assert "the left index is told to be an exception, in whose record the left four stands" in note


@pytest.mark.parametrize("block", [b"some other thing", PNG[:90]], ids=["garbage", "cut"])
def test_what_stands_in_an_exception_and_cannot_be_read_refuses_no_other_finger(block):
    contents = read(cbeff(bir(FIR), bir(block, "Left RingFinger", extra=EXCEPTION)))
    assert [each.capture.position for each in contents.samples] == [Position.LEFT_INDEX]
    assert [each.position for each in contents.missing] == [Position.LEFT_RING]
    assert "passed over" in contents.notes[-1]
    alone = cbeff(bir(block, "Left RingFinger", extra=EXCEPTION))
    with pytest.raises(NoFinger, match="left ring is missing") as refused:
        one_finger(read(alone))
    assert [each.position for each in refused.value.missing] == [Position.LEFT_RING]


def test_fingers_that_are_cut_out_of_an_image_and_told_no_position_are_not_all_the_one_of_the_document():
    png = encoded(SLAP, "PNG")
    places = [(7, 50, corners(0, 0, 399, 499)), (0, 90, corners(400, 0, 799, 499))]
    both = fir_2011((0, png, segmentation(*places)), size=(800, 500), compression=6)
    assert [each.capture.position for each in read(cbeff(bir(both))).samples] == [Position.LEFT_INDEX, Position.UNKNOWN]
    one = fir_2011((0, png, segmentation(places[1])), size=(800, 500), compression=6)
    assert [each.capture.position for each in read(cbeff(bir(one))).samples] == [Position.LEFT_INDEX]


def test_a_block_of_blanks_is_none():
    blank = bir(b"", "Left RingFinger", extra=EXCEPTION).replace("<BDB></BDB>", "<BDB>\n  </BDB>")
    contents = read(cbeff(bir(FIR), blank))
    assert (len(contents.samples), [each.position for each in contents.missing]) == (1, [Position.LEFT_RING])


def test_faces_and_irises_are_passed_over_and_named():
    contents = read(cbeff(bir(FIR), bir(b"FAC", kind="Face"), bir(b"IIR", kind="Iris")))
    assert (len(contents.samples), contents.notes) == (1, ("passed over: face, iris",))
    with pytest.raises(NoFinger):
        read(cbeff(bir(b"FAC", kind="Face")))


@pytest.mark.parametrize(
    ("inside", "told", "notes"),
    [
        (fir_2005((4, encoded(ramp(), "JPEG2000"))), "Left IndexFinger", 1),
        (write_minutiae([finger(position=Position.RIGHT_RING)], MinutiaeFormat.ISO_2005), "Left IndexFinger", 1),
        (fir_2005((4, encoded(ramp(), "JPEG2000"))), "Right RingFinger", 0),
        (fir_2005((4, encoded(ramp(), "JPEG2000"))), "Right", 0),
        (fir_2005((13, encoded(ramp(), "JPEG2000"))), "Right RingFinger", 0),
        (fir_2005((0, encoded(ramp(), "JPEG2000"))), "Left IndexFinger", 0),
    ],
    ids=["image", "template", "same", "no-finger", "slap", "unknown"],
)
def test_a_document_that_tells_another_finger_than_its_record_is_named(inside, told, notes):
    (sample,) = read(cbeff(bir(inside, told))).samples
    said = [note for note in sample.notes if note.startswith("doubtful: the document tells the left index")]
    assert len(said) == notes
    assert all("right ring counts" in note for note in said)


def test_what_a_document_calls_a_kind_that_nobody_knows_is_not_repeated():
    unknown = [bir(b"", kind=f"kind\n{number} " + "x" * 1_000) for number in range(100)]
    assert read(cbeff(bir(FIR), bir(b"", kind="Face"), *unknown)).notes == ("passed over: face, others",)


def test_prefixes_and_capitals_of_names_do_not_matter():
    document = cbeff(bir(FIR)).replace(b"<BIR xmlns=", b"<b:bir xmlns:b=").replace(b"BDBInfo>", b"bdbInfo>")
    document = document[: -len(b"</BIR>")] + b"</b:bir>"
    assert read(document).samples[0].capture.position is Position.LEFT_INDEX


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE BIR [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE BIR [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE BIR SYSTEM "http://localhost/x.dtd">',
    ],
)
def test_a_document_with_a_dtd_is_refused(head):
    with pytest.raises(UnreadableRecord, match="DTD"):
        read(cbeff(bir(FIR), head=head))


def test_a_document_that_is_cut_short_is_refused_wherever_it_ends():
    whole = cbeff(bir(fir_2005((0, b"12345678"), size=(2, 4), compression=0)))
    for length in range(whole.index(b"<BIRInfo"), len(whole)):
        with pytest.raises(UnreadableRecord):
            read(whole[:length])


def of_block(block):
    return cbeff(f"<BIR><BDBInfo><Type>Finger</Type></BDBInfo><BDB>{block}</BDB></BIR>")


WRITTEN = base64.b64encode(FIR).decode()


@pytest.mark.parametrize(
    "block",
    ["!!!!", "A", "ä", WRITTEN[:40] + "!!!" + WRITTEN[40:], WRITTEN[:40] + "====" + WRITTEN[40:], WRITTEN + "\x7f"],
)
def test_a_block_that_is_no_base64_is_refused(block):
    with pytest.raises(UnreadableRecord, match="no base64"):
        read(of_block(block))


@pytest.mark.parametrize("wrapped", [str, str.strip, lambda text: text.rstrip("="), lambda text: text + "=="])
def test_both_alphabets_of_base64_are_read_with_blanks_and_whatever_padding(wrapped):
    web = base64.urlsafe_b64encode(FIR).decode()
    assert "-" in web
    for text in (WRITTEN, web, "\n ".join(WRITTEN[at : at + 64] for at in range(0, len(WRITTEN), 64))):
        assert len(read(of_block(wrapped(text))).samples) == 1


def test_a_block_of_another_form_and_a_broken_image_are_refused():
    with pytest.raises(UnreadableRecord, match="form"):
        read(cbeff(bir(b"some other thing")))
    with pytest.raises(UnreadableRecord):
        read(cbeff(bir(FIR[:-1])))
    with pytest.raises(UndecodableImage):
        read(cbeff(bir(encoded(ramp(), "PNG")[:90])))


BROKEN = [b"some other thing", PNG[:20], FIR[:60], fir_2005(), write_minutiae([finger()], MinutiaeFormat.ISO_2005)[:40]]


@pytest.mark.parametrize("broken", BROKEN, ids=["garbage", "png", "fir", "fir-of-none", "fmr"])
@pytest.mark.parametrize("order", [1, -1])
def test_a_block_that_is_broken_refuses_its_own_finger_and_no_other(broken, order):
    def document(finger):
        return cbeff(*[bir(PNG, "Right Thumb"), bir(broken, finger)][::order])

    other = document("Left IndexFinger")
    (sample,) = read(other, finger=FingerPosition.RIGHT_THUMB).samples
    assert sample.capture.position is Position.RIGHT_THUMB
    for wanted in (None, FingerPosition.LEFT_INDEX):
        with pytest.raises(Rejected) as refused:
            read(other, finger=wanted)
        with pytest.raises(refused.type):
            read(cbeff(bir(broken)))
    with pytest.raises(NoFinger, match="right index"):
        read(other, finger=FingerPosition.RIGHT_INDEX)
    for wanted in (None, FingerPosition.RIGHT_THUMB):
        same = read(document("Right Thumb"), finger=wanted)
        assert len(same.samples) == 1
        assert "passed over" in same.notes[0]


def test_a_view_in_a_form_that_is_not_read_is_of_the_finger_that_the_document_tells():
    deep = bytearray(fir_2005((0, bytes(50_000)), compression=0))
    deep[28] = 16
    document = cbeff(bir(PNG, "Right Thumb"), bir(bytes(deep), "Left IndexFinger"))
    assert len(read(document, finger=FingerPosition.RIGHT_THUMB).samples) == 1
    with pytest.raises(UnreadableRecord, match="16 bits"):
        read(document, finger=FingerPosition.LEFT_INDEX)
    with pytest.raises(NoFinger, match="right index"):
        read(document, finger=FingerPosition.RIGHT_INDEX)


def test_more_broken_blocks_than_a_person_has_fingers_are_refused():
    with pytest.raises(UnreadableRecord, match="more fingers"):
        read(cbeff(*[bir(b"some other thing")] * 201))


def test_more_records_than_a_person_has_fingers_are_refused():
    template = write_minutiae([finger()], MinutiaeFormat.ISO_2005)
    with pytest.raises(UnreadableRecord, match="more fingers"):
        read(cbeff(*[bir(template)] * 201))


def test_more_records_of_whatever_kind_than_a_document_needs_are_refused():
    for document in (cbeff("<BIR/>" * 1_000), cbeff(bir(FIR), bir(b"", kind="Face") * 999)):
        with pytest.raises(UnreadableRecord, match="more than 1000"):
            read(document)


@pytest.mark.parametrize("mark", ["<x/>", "<!-- -->", "<?x?>", '<x a="" b=""/>'])
def test_more_markup_than_a_person_needs_is_refused(mark):
    many = 100_000 // (1 + mark.count("="))
    assert len(read(cbeff(bir(FIR), mark * (many - 1_000))).samples) == 1
    with pytest.raises(UnreadableRecord, match="more than 100000"):
        read(cbeff(bir(FIR), mark * many))


def test_comments_in_a_block_are_no_part_of_it():
    text = "<!-- a -->".join(WRITTEN[at : at + 64] for at in range(0, len(WRITTEN), 64))
    assert len(read(of_block(f"<!-- b -->{text}<?c d?>")).samples) == 1


def test_records_inside_of_what_is_no_record_are_their_own():
    entry = "<Others><Key>EXCEPTION</Key><Value>true</Value></Others>"
    outer = "<BIR><BDBInfo><Subtype>Left Thumb</Subtype></BDBInfo><x>" + bir(b"", extra=entry) + "</x></BIR>"
    missing = read(cbeff(bir(FIR), outer)).missing
    assert [each.position for each in missing] == [Position.LEFT_INDEX]
