"""Templates of images: what is asked of the biometrics service, and what its refusals become."""

import base64
import json

import httpx
import pytest

from adapters.agencies.asylum import ADAPTER
from adapters.change import Changes
from adapters.declaration import Images
from adapters.failures import BiometricsUnavailable
from adapters.images import BATCH, ImageTemplates
from hub.errors import Misconfigured, Rejected

CHANGES = Changes(ADAPTER, ADAPTER.stream("fingerprint"))
PNG = b"\x89PNG finger"
TEMPLATE = {"format": "sourceafis", "engine": "sourceafis-0", "data": base64.b64encode(b"t").decode()}


def rows(*images):
    return [CHANGES.row(str(number), 1, 1, {"image": image}) for number, image in enumerate(images)]


def templates(handler):
    client = httpx.AsyncClient(transport=httpx.MockTransport(handler), base_url="http://biometrics")
    return ImageTemplates(client, Images("image", dpi=500))


def extract(request):
    samples = json.loads(request.content)["samples"]
    spoilt = base64.b64encode(b"\x89PNG spoilt").decode()
    results = [
        {"fault": {"code": "blank-image", "detail": "x"}} if sample["data"] == spoilt else {"template": TEMPLATE}
        for sample in samples
    ]
    return httpx.Response(200, json={"engine": "e", "results": results})


async def test_images_become_templates_in_batches_and_never_reach_the_mapping():
    asked = []

    def handler(request):
        asked.append(json.loads(request.content)["samples"])
        return extract(request)

    finger_rows = rows(*[PNG] * (BATCH + 1))
    await templates(handler).fill(finger_rows)
    assert [len(samples) for samples in asked] == [BATCH, 1]
    assert asked[0][0] == {"format": "png", "data": base64.b64encode(PNG).decode(), "dpi": 500}
    assert all(row.row.templates[0].data == b"t" and "image" not in row.row for row in finger_rows)


async def test_the_template_of_a_view_goes_with_that_of_its_image():
    view = TEMPLATE | {"engine": TEMPLATE["engine"] + "+soft", "agreed": 31}

    def handler(request):
        samples = json.loads(request.content)["samples"]
        results = [{"template": TEMPLATE, "views": [view]} for _ in samples]
        return httpx.Response(200, json={"engine": "e", "results": results})

    (row,) = finger_rows = rows(PNG)
    await templates(handler).fill(finger_rows)
    assert [(each.engine, each.agreed) for each in row.row.templates] == [
        (TEMPLATE["engine"], None),
        (view["engine"], 31),
    ]


async def test_an_image_that_is_refused_spoils_its_own_row_alone():
    finger_rows = rows(PNG, b"\x89PNG spoilt", None, b"text")
    await templates(extract).fill(finger_rows)
    assert [row.fault.reason if row.fault else None for row in finger_rows] == [None, "blank-image", "image", "image"]


async def test_a_request_that_is_refused_as_a_whole_is_asked_again_one_by_one():
    def handler(request):
        samples = json.loads(request.content)["samples"]
        if len(samples) > 1 or samples[0]["data"] != base64.b64encode(PNG).decode():
            return httpx.Response(422, json={"code": "truncated-image"})
        return extract(request)

    finger_rows = rows(PNG, b"\x89PNG cut")
    await templates(handler).fill(finger_rows)
    assert [row.fault.reason if row.fault else None for row in finger_rows] == [None, "truncated-image"]


@pytest.mark.parametrize(
    ("response", "error"),
    [
        (httpx.Response(503), BiometricsUnavailable),
        (httpx.Response(200, text="?"), BiometricsUnavailable),
        *(
            (httpx.Response(status, json={"code": "of-the-request"}), BiometricsUnavailable)
            for status in (302, 400, 404, 405, 408, 409, 429)
        ),
        (httpx.Response(413, text="a proxy says so"), BiometricsUnavailable),
        (httpx.Response(401), Misconfigured),
    ],
)
async def test_a_service_that_is_away_or_refuses_us_is_told_apart(response, error):
    finger_rows = rows(PNG)
    with pytest.raises(error):
        await templates(lambda _: response).fill(finger_rows)
    assert finger_rows[0].fault is None, "nothing was said of the image"


async def test_an_address_without_the_service_is_told_in_a_sentence():
    with pytest.raises(BiometricsUnavailable, match="correct the address"):
        await templates(lambda _: httpx.Response(404)).fill(rows(PNG))


@pytest.mark.parametrize("status", [413, 415, 422])
async def test_an_image_is_refused_for_good_only_where_the_service_says_why(status):
    finger_rows = rows(PNG)
    await templates(lambda _: httpx.Response(status, json={"code": "too-large"})).fill(finger_rows)
    assert finger_rows[0].fault.reason == "too-large"


async def test_a_row_at_fault_already_is_not_asked_for_and_loses_its_image_too():
    finger_rows = rows(PNG)
    finger_rows[0].fault = Rejected("spoilt")
    await templates(lambda _: httpx.Response(500)).fill(finger_rows)
    assert "image" not in finger_rows[0].row


async def test_a_service_that_cannot_be_reached_is_waited_for():
    def handler(request):
        raise httpx.ConnectError("refused")

    with pytest.raises(BiometricsUnavailable):
        await templates(handler).fill(rows(PNG))
