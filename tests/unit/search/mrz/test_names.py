"""The name field: letters of all scripts, and the shortening that Doc 9303 allows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.identity import PersonName
from search.mrz.letters import letters, transliterate
from search.mrz.names import may_stand_for, read_name, write_name


@pytest.mark.parametrize(
    ("text", "language", "written"),
    [
        ("Ada Testová", None, "ADA<TESTOVA"),
        ("Testova-Proba", None, "TESTOVA<PROBA"),
        ("O'Testy d\u2019Ada", None, "OTESTY<DADA"),
        ("Åse Øst Ñu Müller Straß", None, "AASE<OEST<NU<MUELLER<STRASS"),
        ("Þóra Eðil", None, "THORA<EDIL"),
        ("İpek I\u015f\u0131k", None, "IPEK<ISIK"),
        ("A\u0308rger", None, "AERGER"),
        ("Henry 8", None, "HENRY<VIII"),
        ("Щукин", None, "SHCHUKIN"),
        ("Щукин", "bg", "SHTUKIN"),
        ("Ганна Її", None, "GANNA<II"),
        ("Ганна Її", "uk", "HANNA<YII"),
        ("Жива", "sr", "ZIVA"),
        ("محمد", None, "MXHMD"),
        ("جميلة", None, "JMYLXAH"),
        ("ةب", None, "XTAB"),
        ("عبّاس", None, "EBBAS"),
        ("فضّة", None, "FXDZXDZXAH"),
        ("\u202eAda\u0000", None, "ADA"),
        ("", None, ""),
    ],
)
def test_a_name_is_written_in_zone_letters(text, language, written):
    assert transliterate(text, language) == written


def test_the_tables_hold_what_doc_9303_lists():
    assert len(letters()) == 224
    assert letters()["Ü"].also == ("UXX", "U")


@given(st.text())
def test_whatever_is_transliterated_stands_in_a_zone_and_stays_itself(text):
    written = transliterate(text)
    assert set(written) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ<")
    assert transliterate(written.replace("<", " ")) == written


@pytest.mark.parametrize(
    ("family", "given_name", "width", "field"),
    [
        ("TESTOVA", "ADA", 39, "TESTOVA<<ADA<<<<<<<<<<<<<<<<<<<<<<<<<<<"),
        ("TESTOVA", None, 30, "TESTOVA<<<<<<<<<<<<<<<<<<<<<<<"),
        # Doc 9303-4 and -7, rule b: a name of the specimens' country.
        ("NILAVADHANANANDA", "ARNPOL PETCH CHARONGUANG", 39, "NILAVADHANANANDA<<ARNPOL<PETCH<CHARONGU"),
        (
            "BENNELONG WOOLOOMOOLOO WARRANDYTE WARNAMBOOL",
            "DINGO POTOROO",
            39,
            "BENNELONG<WOOLOOM<WARRAND<WARNAM<<DINGO",
        ),
        ("PAPANDROPOULOUS", "JONATHON ALEC", 30, "PAPANDROPOULOUS<<JONATHON<ALEC"),
        # A cut between words would not show: the last place holds a letter.
        ("AAAAAAAAAAAAAAAAAAAA", "BBB CCC DDD EEE", 30, "AAAAAAAAAAAAAAAAAAAA<<BBB<CC<D"),
    ],
)
def test_a_name_is_shortened_so_that_its_last_place_shows_it(family, given_name, width, field):
    assert write_name(PersonName(family=family, given=given_name), width) == field


@pytest.mark.parametrize(
    ("field", "fits"),
    [
        ("BENNELONG<WOOLOOMOOLOO<WARRANDYTE<W<<DI", True),
        ("BENNEL<WOOLOO<WARRAN<WARNAM<<DINGO<POTO", True),
        ("BENNELONG<WOOLOOMOOLOO<<DINGO<<<<<<<<<<", False),
        ("BENNELONG<WOOLOOM<WARRAND<WARNAM<<BINGO", False),
    ],
)
def test_what_other_states_shorten_otherwise_is_recognised(field, fits):
    name = PersonName(family="BENNELONG WOOLOOMOOLOO WARRANDYTE WARNAMBOOL", given="DINGO POTOROO")
    assert may_stand_for(field, name) is fits


WORDS = st.lists(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=20), min_size=1, max_size=12).map(" ".join)


@given(WORDS, st.none() | WORDS, st.sampled_from([30, 31, 39]))
def test_a_written_name_fits_and_reads_back_within_its_shortening(family, given_name, width):
    name = PersonName(family=family, given=given_name)
    field = write_name(name, width)
    read, is_cut = read_name(field)
    assert len(field) == width
    assert may_stand_for(field, name)
    whole = len(family) + (len(given_name) + 2 if given_name else 0) <= width
    assert read == name if whole else is_cut
