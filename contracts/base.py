"""This module holds what every contract is: a frozen shape, filled strictly by writers and read with tolerance."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails, from_json

C = TypeVar("C", bound="Contract")
UNKNOWN = "extra_forbidden"
"""What pydantic says of a field that a contract does not name."""


class Contract(BaseModel):
    """A published shape.

    Producers cannot add fields that the contract does not name; readers use `read`, which tolerates and counts them,
    so that an optional field added later within the same major version breaks nobody.
    """

    # For bytes pydantic means the URL-safe alphabet by "base64" when it writes, and takes either when it reads.
    model_config = ConfigDict(
        frozen=True, extra="forbid", str_strip_whitespace=True, ser_json_bytes="base64", val_json_bytes="base64"
    )


@dataclass(frozen=True, slots=True)
class Reading(Generic[C]):
    """A value that was read, with the number of fields that this reader does not know."""

    value: C
    unknown_fields: int


def read(contract: type[C], data: bytes) -> Reading[C]:
    """Read `data` (JSON, UTF-8) as `contract`; fields that the contract does not name are left out and counted.

    The strict pass is the common one and costs a single validation; only a payload of a newer minor version pays twice.

    Raises:
        pydantic.ValidationError: the payload breaks the contract in another way than by unknown fields.
    """
    try:
        return Reading(contract.model_validate_json(data), 0)
    except ValidationError as error:
        kinds = [
            detail["type"] for detail in error.errors(include_url=False, include_context=False, include_input=False)
        ]
        unknown = kinds.count(UNKNOWN)
        if not unknown or not is_plain(data):
            raise
    # Without them only: a list whose items all have one is also told to be too short.
    return Reading(contract.model_validate_json(data, extra="ignore"), unknown)


def is_plain(data: bytes) -> bool:
    """Tell whether fields that no contract names hold nothing beyond JSON: NaN and the infinities are not of it."""
    try:
        from_json(data, allow_inf_nan=False)
    except ValueError:
        return False
    return True


def faults(error: ValidationError, beside: Callable[[ErrorDetails], str] | None = None) -> str:
    """Name the fields that break a contract and how, without their values: `identity.sex: enum; record: missing`.

    A field that the contract does not know has a name that may say anything: its parent is named, unless the value is
    our own. Then `beside` may add to each field where its value came from, and must not add the value.
    """
    details = error.errors(include_url=False, include_context=False, include_input=beside is not None)
    told = beside or (lambda _: "")
    return "; ".join(
        f"{_named(detail, beside is not None) or 'payload'}{told(detail)}: {detail['type']}" for detail in details[:8]
    )


def _named(detail: ErrorDetails, ours: bool) -> str:
    steps = detail["loc"] if ours or detail["type"] != UNKNOWN else detail["loc"][:-1]
    return ".".join(str(step) for step in steps)
