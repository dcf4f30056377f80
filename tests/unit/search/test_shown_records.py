"""What the router lets through can be shown: whatever a source writes within its contract, the search reads it."""

import json
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from contracts.records import FingerprintV1
from contracts.topics import RECORD_CONTRACTS, incoming
from hub.errors import Rejected
from hub.message import Message
from hub.router.agreements import Agreement
from hub.router.rules import route
from search.found import EnrolledFinger, held_record
from search.projector.handler import projected
from tests.unit.search.people import envelope, erasure

EXAMPLES = Path(__file__).parents[3] / "contracts" / "examples"
GOLDEN = {
    name: json.loads((EXAMPLES / f"{name}.v1.json").read_bytes()) for name in RECORD_CONTRACTS if name != "erasure"
}
ALERT = GOLDEN["alert"]
PADS = st.sampled_from(("", "", "", " ", "\n", "\t "))
TIMES = st.sampled_from(
    ("2026-06-15 12:00:00Z", "2026-06-15T12:00:00.5+02:00", "2026-06-15T12:00Z", 1781524800, "1781524800")
)
DAYS = st.sampled_from(("2026-06-15", "2026-06-15T00:00:00", 1781481600))
DATES = st.sampled_from(("1984", "1984-05", "1984-05-06", " 1984-05-06", "1362-02-31", "2567-02-29 "))
WRITTEN = {"at": TIMES, "captured_at": TIMES, "stay_until": DAYS}
DATED = {"issued_at", "expires_at", "valid_until", "status_since", "birth_dates"}
TEXTS = {"record", "subject", "full", "family", "given", "birth_place", "nationalities", "number", "issuer", "place"}
OPTIONAL = {
    "contract",
    "kind",
    "sex",
    "nationalities",
    "birth_dates",
    "issuer",
    "valid_until",
    "issued_at",
    "expires_at",
}
BESIDE = st.sampled_from(({}, {}, {"later": {"a": [1]}}, {"cut": 1}, {"cut": "yes"}))


def let_through(contract, payload):
    """Send a payload through router and projector; give what was read and the repository's document of it."""
    model = RECORD_CONTRACTS[contract][1]
    system = payload["system"]
    agreement = Agreement(
        system=system, owner="Police", purpose="alerts", legal_basis="Act 1", contracts=frozenset(RECORD_CONTRACTS)
    )
    headers = tuple(envelope(model.model_validate(GOLDEN[contract])).to_headers())
    key, value = GOLDEN[contract]["record"].encode(), json.dumps(payload).encode()
    routed = route(Message(incoming(system, contract), 0, 0, 0, key, value, headers), {system: agreement})
    going = routed.outgoing
    read = projected(Message(going.topic, 0, 0, 0, going.key, going.value, tuple(going.headers)))
    return read.event, json.loads(read.document.source)


@st.composite
def written(draw, value, name=""):
    """Write a value as some source may: padded, with fields left out, empty or unknown, times in other forms."""
    if name in WRITTEN:
        return draw(WRITTEN[name])
    match value:
        case dict():
            fields = {field: draw(written(held, field)) for field, held in value.items()}
            for field in draw(st.sets(st.sampled_from(sorted(OPTIONAL)), max_size=3)):
                fields.pop(field, None)
            return fields | draw(BESIDE)
        case list():
            return [draw(written(held, name)) for held in value]
        case str() if name in DATED:
            return draw(DATES)
        case str() if name in TEXTS:
            return draw(PADS) + value + draw(PADS)
    return value


@st.composite
def payloads(draw):
    contract = draw(st.sampled_from(sorted(GOLDEN)))
    return contract, draw(written(GOLDEN[contract]))


def without(payload, name):
    return {field: value for field, value in payload.items() if field != name}


@pytest.mark.parametrize("contract", sorted(GOLDEN))
@pytest.mark.parametrize("names_it", [True, False])
def test_every_golden_example_is_shown_whether_or_not_it_names_its_contract(contract, names_it):
    payload = GOLDEN[contract] if names_it else without(GOLDEN[contract], "contract")

    event, document = let_through(contract, payload)

    shown = held_record(document)
    assert isinstance(shown, EnrolledFinger if contract == "fingerprint" else type(event))
    assert shown.record == event.record


@given(payloads())
@example(("alert", ALERT | {"expires_at": " 2031-04-02"}))
@example(("alert", ALERT | {"person": ALERT["person"] | {"birth_dates": ["1984-05-06 "]}}))
@example(("alert", ALERT | {"documents": [{"number": "X0000001", "valid_until": "2030-01-01 "}]}))
def test_what_the_router_lets_through_is_shown_as_it_was_read(sent):
    contract, payload = sent
    try:
        event, document = let_through(contract, payload)
    except Rejected:
        assume(False)

    shown = held_record(document)

    if isinstance(event, FingerprintV1):
        assert (shown.record, shown.subject, shown.position) == (event.record, event.subject, event.position)
    else:
        assert shown == event


@pytest.mark.parametrize("contract", sorted(GOLDEN))
def test_a_record_that_an_index_holds_of_another_systems_person_is_not_shown(contract):
    _, document = let_through(contract, GOLDEN[contract])
    document["payload"]["subject"] = "elsewhere:persons:1"
    assert held_record(document) is None


def test_what_was_erased_and_what_is_of_a_later_version_are_not_shown():
    _, document = let_through("person", GOLDEN["person"])
    assert held_record(document | {"contract": "dream"}) is None
    assert held_record(document | {"payload": {"later": 1}}) is None
    stub = erasure(RECORD_CONTRACTS["person"][1].model_validate(GOLDEN["person"]))
    assert held_record({"erased": True, "contract": stub.erased}) is None
