"""One finger of a file that cannot be read or worked on is refused by its name, and the others are done."""

import pytest

from biometrics.formats.minutiae import MinutiaeFormat
from biometrics.formats.minutiae_reading import read_minutiae
from biometrics.formats.minutiae_writing import write_minutiae
from biometrics.formats.positions import Position
from biometrics.rejections import NoMinutiae, UnreadableRecord
from deploy.exits import Exit
from deploy.finger_by_finger import held_by
from deploy.fingers import decoding
from tests.unit.biometrics.formats.made import (
    SLAP,
    an2k,
    bir,
    cbeff,
    encoded,
    finger,
    fir_2005,
    many,
    ridges,
    slap,
    type_4,
    type_9,
    type_14,
)
from tests.unit.biometrics.quality.prints import nfiq2
from tests.unit.deploy.test_cli_fingers import run, told

GOOD = encoded(ridges(), "PNG")
CUT = GOOD[: len(GOOD) // 2]
SIZE = (240, 260)
READ = decoding(None, estimate=False, jars=None)


def png(code):
    return type_14(GOOD, code, SIZE, "PNG")


@pytest.fixture
def kept(tmp_path):
    """Write a file."""

    def keep(name, data):
        (tmp_path / name).write_bytes(data)
        return tmp_path / name

    return keep


def of(answer, name):
    return [(each["finger"], each["code"]) for each in answer[name]]


def test_eight_good_fingers_are_converted_beside_a_broken_place(kept, tmp_path):
    places = (("7", 10, 240, 10, 250), ("8", 250, 480, 30))
    broken = type_14(
        encoded(SLAP, "PNG"), "14", SLAP.size, "PNG", f021="\x1e".join("\x1f".join(map(str, each)) for each in places)
    )
    card = kept("card.an2", an2k(*(png(str(code)) for code in (1, 2, 3, 4, 5, 6, 9)), broken))
    status, answer = told("convert", card, "--to", "png", "--out", tmp_path / "out")
    assert status == Exit.PARTLY
    assert len(answer["written"]) == 8
    assert of(answer, "refused") == [("left middle", "unreadable-record")]
    result = run("convert", card, "--to", "png", "--out", tmp_path / "out")
    assert f"{card}, left middle: An image of the record does not tell where its fingers are" in result.stderr
    assert "8 written, 1 refused." in result.stderr


@pytest.mark.parametrize(
    "data",
    [
        an2k(png("7"), type_14(CUT, "8", SIZE, "PNG")),
        fir_2005((7, GOOD), (8, CUT), compression=5, size=SIZE),
        cbeff(
            bir(fir_2005((7, GOOD), compression=5, size=SIZE)),
            bir(fir_2005((8, CUT), compression=5, size=SIZE), "Left MiddleFinger"),
        ),
        an2k(type_4(ridges().tobytes(), 7, SIZE), type_4(bytes(100), 8, SIZE)),
    ],
    ids=["type 14", "iso-19794-4", "cbeff", "type 4"],
)
def test_an_image_that_is_broken_is_refused_by_its_finger(kept, tmp_path, data):
    status, answer = told("convert", kept("two.rec", data), "--to", "png", "--out", tmp_path / "out")
    assert status == Exit.PARTLY
    assert [each["fingers"] for each in answer["written"]] == [["left index"]]
    assert of(answer, "refused") == [("left middle", "undecodable-image")]


def test_what_is_broken_of_an_only_finger_is_said_of_its_file(kept, tmp_path):
    card = kept("one.an2", an2k(type_14(CUT, "8", SIZE, "PNG")))
    status, answer = told("convert", card, "--to", "png", "--out", tmp_path / "out")
    assert (status, answer["written"]) == (Exit.FAILED, [])
    assert [sorted(each) for each in answer["refused"]] == [["code", "detail", "file"]]


def test_a_card_of_which_nothing_can_be_read_has_failed(kept, tmp_path):
    card = kept("two.an2", an2k(type_14(CUT, "7", SIZE, "PNG"), type_14(CUT, "8", SIZE, "PNG")))
    status, answer = told("convert", card, "--to", "png", "--out", tmp_path / "out")
    assert status == Exit.FAILED
    assert of(answer, "refused") == [("left index", "undecodable-image"), ("left middle", "undecodable-image")]


def test_a_broken_image_of_a_missing_finger_is_passed_over_and_refused_beside_another_that_is_broken(kept, tmp_path):
    exception = "<Others><Key>EXCEPTION</Key><Value>true</Value></Others>"
    records = bir(GOOD), bir(CUT, "Left RingFinger", extra=exception)
    status, answer = told("convert", kept("a.xml", cbeff(*records)), "--to", "png", "--dpi", "500", "--out", tmp_path)
    assert (status, len(answer["written"])) == (Exit.DONE, 1)
    assert answer["written"][0]["missing"] == {"left ring": "unknown"}
    more = kept("b.xml", cbeff(*records, bir(CUT, "Left MiddleFinger")))
    status, answer = told("convert", more, "--to", "png", "--dpi", "500", "--out", tmp_path)
    assert status == Exit.PARTLY
    assert [name for name, _ in of(answer, "refused")] == ["left ring", "left middle"]


def test_what_is_of_no_told_finger_is_refused_too_and_never_lost(kept):
    unknown = type_4(ridges().tobytes(), 0, SIZE)
    held = held_by(kept("a.an2", an2k(png("7"), type_14(CUT, "8", SIZE, "PNG"), unknown)), READ)
    assert [each.said for each in held.names] == ["left index", "left middle", "unknown"]
    assert isinstance(held.unread[1].fault, UnreadableRecord)
    assert "correct that" in str(held.unread[1].fault)
    held = held_by(kept("b.an2", an2k(png("7"), type_4(bytes(100), 0, SIZE))), READ)
    assert [each.said for each in held.names] == ["left index", "unknown"]
    assert "do not fill" in str(held.unread[0].fault), "what is wrong can be nothing else's"


def test_what_is_odd_about_one_finger_is_told_of_it_alone(kept):
    doubled = slap(("7", 10, 240, 10, 250), ("7", 250, 480, 30, 270), ("8", 490, 700, 30))
    held = held_by(kept("a.an2", doubled), READ)
    assert [each.said for each in held.names] == ["left index", "left index (2)", "left middle"]
    assert all("several places" in sample.notes[0] for sample in held.contents.samples)


def test_a_finger_without_minutiae_is_left_out_of_a_record_of_the_others(kept, tmp_path):
    empty = finger(position=Position.LEFT_MIDDLE).__class__(
        finger(position=Position.LEFT_MIDDLE).capture, 300, 400, 197, 197, ()
    )
    record = kept(
        "a.iso", write_minutiae([many(3), empty, finger(position=Position.LEFT_RING)], MinutiaeFormat.ISO_2005)
    )
    out = ("--to", "ansi-378:2004", "--out", tmp_path / "out")
    status, answer = told("convert", record, *out)
    assert (status, of(answer, "refused")) == (Exit.PARTLY, [("left middle", NoMinutiae.code)])
    (written,) = answer["written"]
    assert written["fingers"] == ["left index", "left ring"]
    assert len(read_minutiae((tmp_path / "out" / "a.ansi").read_bytes()).fingers) == 2
    status, answer = told("convert", record, *out, "--apart")
    assert (status, of(answer, "refused")) == (Exit.PARTLY, [("left middle", NoMinutiae.code)])
    assert [each["written"].rpartition("/")[2] for each in answer["written"]] == ["a-1.ansi", "a-3.ansi"]


def test_a_block_of_a_document_that_is_broken_is_refused_by_its_finger(kept, tmp_path):
    good = bir(fir_2005((7, GOOD), compression=5, size=SIZE))
    document = kept("two.xml", cbeff(bir(b"no finger at all", "Left MiddleFinger"), good))
    status, answer = told("convert", document, "--to", "png", "--out", tmp_path / "out")
    assert (status, [each["fingers"] for each in answer["written"]]) == (Exit.PARTLY, [["left index"]])
    assert of(answer, "refused") == [("left middle", "unreadable-record")]


@pytest.mark.parametrize("order", [1, -1])
def test_minutiae_of_none_beside_an_image_of_their_finger_are_a_note(kept, tmp_path, order):
    card = kept("card.an2", an2k(*[png("7"), type_9([], f136="0", f137="")][::order]))
    status, answer = told("convert", card, "--to", "png", "--out", tmp_path / "out")
    assert (status, answer["refused"]) == (Exit.DONE, [])
    (written,) = answer["written"]
    assert (written["fingers"], written["written"].rpartition("/")[2]) == (["left index"], "card.png")
    assert "holds no minutiae" in written["notes"][0]


def test_the_quality_of_the_others_is_measured(kept, judging):
    judging(nfiq2(60))
    card = kept("card.an2", an2k(png("7"), type_14(CUT, "8", SIZE, "PNG"), png("9")))
    status, answer = told("quality", card)
    assert (status, [each["finger"] for each in answer["measured"]]) == (Exit.PARTLY, ["left index", "left ring"])
    assert of(answer, "refused") == [("left middle", "undecodable-image")]


def test_a_record_that_is_cut_is_refused_as_a_whole(kept, tmp_path):
    card = an2k(png("7"), png("8"))[:-500]
    status, answer = told("convert", kept("card.an2", card), "--to", "png", "--out", tmp_path / "out")
    assert status == Exit.FAILED
    assert [sorted(each) for each in answer["refused"]] == [["code", "detail", "file"]]
