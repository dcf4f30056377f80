"""This module has templates made of the images of a stream: images themselves never leave the adapter's side."""

import base64
from collections.abc import Sequence

import httpx
from pydantic import BaseModel, ConfigDict, ValidationError

from adapters.change import SourceRow
from adapters.declaration import Images
from adapters.failures import BiometricsUnavailable
from adapters.mapping_faults import COLUMN
from adapters.settings import AdapterSettings
from contracts.records import FingerTemplate
from hub.errors import Misconfigured, Rejected
from hub.settings import read_secret

BATCH = 16  # images of one request: some seconds of extraction, some megabytes
_NOT_AUTHORISED = {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}
_NOT_THERE = {httpx.codes.NOT_FOUND, httpx.codes.METHOD_NOT_ALLOWED}
_OF_THE_IMAGE = {
    httpx.codes.REQUEST_ENTITY_TOO_LARGE,
    httpx.codes.UNSUPPORTED_MEDIA_TYPE,
    httpx.codes.UNPROCESSABLE_ENTITY,
}
"""Statuses that may say something of what was asked; all others say that it was not looked at."""
_KINDS = {
    b"\x89PNG": "png",
    b"\xff\xd8\xff": "jpeg",
    b"\xff\xa0": "wsq",
    b"\0\0\0\x0cjP  ": "jpeg2000",
    b"BM": "bmp",
    b"II*\0": "tiff",
    b"MM\0*": "tiff",
    b"FIR\0": "iso-19794-4",
}


class _Fault(BaseModel):
    model_config = ConfigDict(extra="ignore")

    code: str


class _Result(BaseModel):
    model_config = ConfigDict(extra="ignore")

    template: FingerTemplate | None = None
    views: tuple[FingerTemplate, ...] = ()
    fault: _Fault | None = None


class _Answer(BaseModel):
    model_config = ConfigDict(extra="ignore")

    results: list[_Result]


def biometrics_client(settings: AdapterSettings) -> httpx.AsyncClient:
    """Give a client of the biometrics service.

    Raises:
        Misconfigured: its address or the token is not set.
    """
    if settings.biometrics_url is None or settings.token_file is None:
        raise Misconfigured(
            "A stream has images but no biometrics service; set ISTHMUS_BIOMETRICS_URL and ISTHMUS_TOKEN_FILE."
        )
    headers = {"Authorization": f"Bearer {read_secret(settings.token_file)}"}
    return httpx.AsyncClient(base_url=str(settings.biometrics_url), headers=headers, timeout=30.0)


class ImageTemplates:
    """Asks the biometrics service for the templates of rows, and takes the images out of them."""

    def __init__(self, client: httpx.AsyncClient, images: Images) -> None:
        self._client = client
        self._images = images

    async def fill(self, rows: Sequence[SourceRow]) -> None:
        """Give each row its templates; a row whose image is refused gets a fault.

        Raises:
            BiometricsUnavailable: the service does not answer, is not there, or refuses without a word on the image.
            Misconfigured: the service does not accept the adapter's token.
        """
        for start in range(0, len(rows), BATCH):
            await self._fill(rows[start : start + BATCH])

    async def _fill(self, rows: Sequence[SourceRow]) -> None:
        asked: list[SourceRow] = []
        samples: list[dict[str, object]] = []
        for row in rows:
            image = row.row.pop(self._images.column, None)
            if row.fault is not None:
                continue
            kind = _kind(bytes(image)) if image else None
            if kind is None:
                row.fault = Rejected(
                    "The image is absent or of no known kind.", code="image", field=COLUMN + self._images.column
                )
                continue
            asked.append(row)
            resolution = {} if self._images.dpi is None else {"dpi": self._images.dpi}
            samples.append({"format": kind, "data": base64.b64encode(bytes(image)).decode(), **resolution})
        if asked:
            for row, result in zip(asked, await self._extract(samples), strict=True):
                self._take(row, result)

    def _take(self, row: SourceRow, result: _Result) -> None:
        if result.template is None:
            code = result.fault.code if result.fault else "image"
            row.fault = Rejected(
                "No template could be made of the image.", code=code[:60], field=COLUMN + self._images.column
            )
        else:
            row.row.templates = (result.template, *result.views)

    async def _extract(self, samples: list[dict[str, object]]) -> list[_Result]:
        try:
            response = await self._client.post("/v1/extract", json={"samples": samples})
        except httpx.HTTPError as error:
            raise BiometricsUnavailable("The biometrics service does not answer; it is tried again.") from error
        if response.status_code in _NOT_AUTHORISED:
            raise Misconfigured(
                "The biometrics service refuses the adapter's token; renew the file of ISTHMUS_TOKEN_FILE."
            )
        if response.status_code in _NOT_THERE:
            raise BiometricsUnavailable(
                "There is no /v1/extract at ISTHMUS_BIOMETRICS_URL; correct the address, or start the service there."
            )
        if response.status_code in _OF_THE_IMAGE:
            if len(samples) > 1:  # one of them spoils the request: each is asked alone
                return [(await self._extract([sample]))[0] for sample in samples]
            code = _code(response)
            if code is not None:
                return [_Result(fault=_Fault(code=code))]
        if not response.is_success:
            raise BiometricsUnavailable(
                f"The biometrics service did not take what was asked (status {response.status_code}) and says nothing "
                "of the image; it is tried again."
            )
        try:
            return _Answer.model_validate_json(response.content).results
        except ValidationError as error:
            raise BiometricsUnavailable("The biometrics service answers in another form than agreed.") from error


def _kind(image: bytes) -> str | None:
    return next((kind for start, kind in _KINDS.items() if image.startswith(start)), None)


def _code(response: httpx.Response) -> str | None:
    """Give the code of a problem answer; nothing where something else refused, such as a proxy on the way."""
    try:
        return str(response.json()["code"])
    except (ValueError, KeyError, TypeError):
        return None
