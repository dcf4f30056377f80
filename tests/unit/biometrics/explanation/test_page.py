"""The page of a comparison: everything is said in words, nothing is fetched, and nothing from outside is executed."""

import datetime as dt
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from biometrics.decision import decide
from biometrics.explanation.account import Account, Fusion, Side
from biometrics.explanation.drawing import GAP, HEAD, described, prints, score_bar
from biometrics.explanation.page import write_page
from biometrics.formats.minutiae import Minutia, MinutiaKind
from biometrics.pairing import Features, Pairing
from tests.unit.biometrics.quality.prints import striped

ENDING, FORK = MinutiaKind.ENDING, MinutiaKind.BIFURCATION
PROBE = Features(
    200, 250, (Minutia(ENDING, 50, 60, 0.0), Minutia(FORK, 80, 90, 90.0), Minutia(ENDING, 120, 200, 270.0))
)
CANDIDATE = Features(220, 240, (Minutia(FORK, 85, 95, 95.0), Minutia(FORK, 55, 66, 2.0)))
PAIRING = Pairing(
    score=93.7,
    pairs=((1, 0), (0, 1)),
    edges=((0, 1),),
    parts={
        "minutiaCount": 2,
        "minutiaScore": 0.064,
        "minutiaFraction": 0.83,
        "minutiaFractionScore": 7.4,
        "distanceErrorSum": 9,
        "distanceAccuracyScore": 3.0,
        "totalScore": 98.06,
    },
)


def account(score=93.7, *, pairing=PAIRING, name="probe.png", comparisons=1, **side):
    probe = Side("probe", name, PROBE, striped(200, 250), (("format", "png"), ("resolution", "500 dpi")), **side)
    candidate = Side("candidate", "candidate.iso", CANDIDATE, None, (("format", "iso-19794-2"),))
    decision = decide(score, 1e-4, comparisons)
    at = dt.datetime(2026, 4, 2, 8, 0, tzinfo=dt.UTC)
    return Account(probe, candidate, replace(pairing, score=score), decision, comparisons, "sourceafis-3.18.1", at)


class Page(HTMLParser):
    """Reads a page: its tags with their attributes, and its text."""

    def __init__(self, written):
        super().__init__()
        self.tags, self.words = [], []
        self.feed(written.decode())

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture
def page():
    return Page(write_page(account()))


def test_the_decision_its_threshold_and_its_rate_are_said_in_words(page):
    assert "Match" in page.words
    assert "The score of 93.7 reaches the threshold of 40.0" in page.text
    assert "a comparison takes different fingers for the same with a probability of 0.01 % at most" in page.text
    none = Page(write_page(account(12.3)))
    assert "No match" in none.words
    assert "does not reach" in none.text
    assert "by chance" in none.text


def test_of_a_search_the_number_of_templates_is_said_and_counts(page):
    among = Page(write_page(account(comparisons=20_000)))
    assert "a search among 20,000 templates" in among.text
    assert "threshold of 83.0" in among.text


def test_the_page_fetches_and_executes_nothing(page):
    assert not page.all("script")
    assert not page.all("link")
    assert not page.all("iframe")
    sources = [value for _, attributes in page.tags for name, value in attributes.items() if name in {"src", "href"}]
    assert sources
    assert all(value.startswith("data:image/png;base64,") for value in sources)
    assert not re.search(r"url\(|@import|https?://", write_page(account()).decode())
    (policy,) = [each["content"] for each in page.all("meta") if each.get("http-equiv") == "Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)


@pytest.mark.parametrize("nasty", ["<script>alert(1)</script>.png", '"><img src=x onerror=alert(1)>', "a & b < c.png"])
def test_names_and_notes_are_text_and_never_code(nasty):
    page = Page(write_page(account(name=nasty, notes=(nasty,), advice=(nasty,))))
    assert not page.all("script")
    assert not page.all("img")
    assert nasty in page.words


def test_every_picture_says_what_it_shows(page):
    pictures = [each for each in page.all("svg") if each.get("aria-hidden") != "true"]
    assert [each["role"] for each in pictures] == ["img", "img"]
    assert "the probe probe.png has 2 ridge endings and 1 forks" in page.text
    assert "2 pairs of them were taken for the same" in page.text
    assert "Score 93.7 reaches the threshold of 40.0" in page.text


def test_of_each_side_what_is_known_is_told(page):
    assert "500 dpi" in page.text
    assert "iso-19794-2" in page.text
    assert "3 (2 endings, 1 forks)" in page.text
    assert "not known" in page.text, "the template tells no resolution here"


def test_the_parts_of_the_score_and_every_pair_are_listed(page):
    rows = len(page.all("tr"))
    assert "83 %" in page.text
    assert "98.1" in page.text
    assert "80, 90 90° fork 85, 95 95° yes" in page.text
    assert "50, 60 0° fork 55, 66 2° no" in page.text, "an ending was taken for a fork"
    assert rows > 2 + len(PAIRING.pairs)


def test_two_prints_without_a_pair_are_shown_all_the_same():
    page = Page(write_page(account(0.0, pairing=Pairing(0.0, (), (), {}))))
    assert "No two minutiae agree" in page.text
    assert "Every pair" not in page.text


def places(drawn, tag, names):
    return [tuple(float(each.get(name)) for name in names) for each in drawn.iter(tag)]


def test_pairs_are_joined_from_mark_to_mark():
    drawn = prints(account())
    across = next(each for each in drawn.iter("g") if each.get("class") == "across")
    left = PROBE.width + GAP
    assert places(across, "line", ("x1", "y1", "x2", "y2")) == [
        (80, 90 + HEAD, left + 85, 95 + HEAD),
        (50, 60 + HEAD, left + 55, 66 + HEAD),
    ]
    assert drawn.get("viewBox") == f"0 0 {left + CANDIDATE.width} {HEAD + PROBE.height}"


def test_minutiae_are_rings_and_squares_with_a_line_along_the_ridge():
    drawn = prints(account())
    marks = [each for each in drawn.iter("g") if (each.get("class") or "").startswith("mark")]
    assert sum(each.get("class") == "mark paired" for each in marks) == 2 * len(PAIRING.pairs)
    assert len(marks) == len(PROBE.minutiae) + len(CANDIDATE.minutiae)
    upward = next(each for each in marks if each.find("rect") is not None)
    ((x1, y1, x2, y2),) = places(upward, "line", ("x1", "y1", "x2", "y2"))
    assert (x1, x2) == (80, 80)
    assert y2 < y1 < 90, "90 degrees run up"


def test_the_bar_shows_score_and_threshold_in_proportion():
    drawn = score_bar(account(80.0))
    ((threshold,),) = places(next(each for each in drawn.iter("line")), "line", ("x1",))
    score = next(float(each.get("width")) for each in drawn.iter("rect") if "score" in each.get("class"))
    assert score / threshold == pytest.approx(2.0, abs=0.01)
    assert score < next(float(each.get("width")) for each in drawn.iter("rect"))


def test_the_picture_is_described_without_it():
    assert described(account()).startswith("Two prints: the probe probe.png has 2 ridge endings and 1 forks; the")


def test_what_the_views_added_is_told_where_there_were_some():
    with_views = Page(write_page(replace(account(), fusion=Fusion(88.1, (31, 27)))))
    assert "88.1" in with_views.text
    assert "31 and 27" in with_views.text
    assert "drawn views" not in Page(write_page(account())).text
