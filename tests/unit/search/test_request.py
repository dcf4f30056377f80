"""What is asked for: read as people write it, or refused with what is wrong of which field."""

# ruff: noqa: RUF001  letters and digits of other scripts are what is tested

import pytest
from pydantic import ValidationError

from hub.errors import Rejected
from search.request import SearchRequest
from tests.unit.search.mrz.specimens import TD1, TD3
from tests.unit.search.people import NOW


def read(**body):
    return SearchRequest.model_validate({"purpose": "border-check", **body})


def criteria(**body):
    return read(**body).criteria(NOW.year)


@pytest.mark.parametrize(
    ("body", "field", "fault"),
    [
        ({"birth_date": "06.05.1984"}, "birth_date", "no_date"),
        ({"birth_date": "1984-02-30"}, "birth_date", "no_date"),
        ({"birth_date": 1984}, "birth_date", "no_date"),
        ({"birth_date": ""}, "birth_date", "no_date"),
        ({"name": "\0\n"}, "name", "string_too_short"),
        ({"nationality": "QQQ"}, "nationality", "unknown_country"),
        ({"document": {"number": "- -"}}, "document", "no_document_number"),
        ({"document": {"number": "Х0000001"}}, "document.number", "not_latin"),  # Cyrillic
        ({"document": {"number": "X0000001", "issuer": "QQQ"}}, "document.issuer", "unknown_country"),
    ],
)
def test_a_fault_says_what_is_wrong(body, field, fault):
    with pytest.raises(ValidationError) as refused:
        read(**body)
    assert [(".".join(map(str, each["loc"])), each["type"]) for each in refused.value.errors()] == [(field, fault)]


@pytest.mark.parametrize("number", ["Ｘ０００－０００１", "X ۰۰۰۰۰۰۱", "X٠٠٠٠٠٠١", "№ X0000001", "x 000-0001"])
def test_a_number_in_other_digits_is_the_same_document(number):
    (document,) = criteria(document={"number": number}).documents
    assert document.number == "X0000001"


def test_a_date_in_other_digits_and_countries_in_small_letters_are_read():
    asked = criteria(birth_date=" ۱۹۸۴-۰۵-۰۶ ", nationality="uto", document={"number": "X1", "issuer": "uto"})
    assert str(asked.birth_date) == "1984-05-06"
    assert (asked.nationalities, asked.documents[0].issuer) == (("UTO",), "UTO")


def test_no_system_is_asked_with_a_control_that_its_database_refuses():
    names = criteria(name="Ada\0Testova\x1b", family="Test\x9bova").names
    assert [name.text for name in names] == ["Ada Testova", "Test ova"]


@pytest.mark.parametrize("in_doubt", ["refuse", "leave-out"])
@pytest.mark.parametrize("zone", [TD3, TD1])
def test_a_zone_whose_lines_stand_upside_down_is_told_to_be_so(zone, in_doubt):
    with pytest.raises(Rejected, match="upside down") as refused:
        criteria(mrz=zone[::-1], mrz_in_doubt=in_doubt)
    assert (refused.value.reason, refused.value.field) == ("mrz-rejected", "mrz")
