import json
import re

from contracts import topics
from deploy.asyncapi import document


def test_every_contract_is_a_message_with_a_payload():
    messages = document()["components"]["messages"]

    assert set(messages) == {f"{name}.v{major}" for name, majors in topics.CONTRACTS.items() for major in majors}


def test_every_reference_leads_somewhere():
    described = document()
    for reference in re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(described)):
        place = described
        for step in reference.split("/"):
            place = place[step]


def test_every_parameter_of_an_address_is_described():
    for channel in document()["channels"].values():
        assert set(re.findall(r"{(\w+)}", channel["address"])) == set(channel.get("parameters", {}))
