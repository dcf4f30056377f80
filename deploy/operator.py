"""This module lets the person at the machine act on a stack: as Kafka's user `operator`, or with a token."""

import getpass
from collections.abc import Mapping
from typing import Any

import httpx

from deploy.local.environment import kafka_settings
from deploy.local.stack import Stack
from deploy.mistyped import Mistyped
from hub.errors import NotFound, Rejected, Retryable
from hub.problem_kinds import INVALID
from hub.settings import KafkaSettings

OPERATOR = "operator"
ANSWER_S = 30.0
MISTYPED = frozenset({INVALID.code, "nothing-asked", "too-many-names"})
"""How services call a request that cannot be meant."""


def operator_kafka(stack: Stack) -> KafkaSettings:
    """Give the operator's connection to the stack's Kafka."""
    return kafka_settings(OPERATOR, stack.secrets, stack.addresses)


def user_name() -> str:
    """Name the person at the machine, for the audit."""
    return f"{getpass.getuser()}@local"


class ServiceAway(Retryable):
    """A service of the stack does not answer."""


class NotNow(Retryable):
    """A service of the stack answers that it cannot do this now, or that it failed; `reason` is what it calls that."""

    def __init__(self, message: str, code: str | None) -> None:
        super().__init__(message)
        self.reason = code or self.code


def ask(
    stack: Stack,
    service: str,
    method: str,
    path: str,
    *,
    scopes: list[str],
    body: dict[str, Any] | None = None,
    query: dict[str, Any] | None = None,
    user: str | None = None,
    options: Mapping[str, str] | None = None,
    forms: Mapping[str, str] | None = None,
) -> Any:
    """Ask an HTTP service of the stack, with a token that grants `scopes` for a few minutes.

    The token is that of `user`, or of the person at the machine. `options` names the option of the command line for
    each field of the request, so that a refusal names what was typed; `forms`, for each option, how it is written.

    Raises:
        ServiceAway: it does not answer.
        NotNow: it cannot do this now.
        Mistyped: what was typed is not as the service takes it.
        Rejected: it refuses; text, code and field are those of its problem answer.
    """
    token = stack.token(user or user_name(), scopes)
    try:
        answer = httpx.request(
            method,
            stack.addresses.url(service) + path,
            json=body,
            params=query,
            headers={"Authorization": f"Bearer {token}"},
            timeout=ANSWER_S,
        )
    except httpx.HTTPError:
        raise ServiceAway(
            f"The {service} service of the stack {stack.name} does not answer; look at `isthmus status`."
        ) from None
    if answer.is_success:
        return answer.json()
    detail = _detail(answer, options or {}, forms or {})
    code, field = _code(answer), _field(answer)
    if answer.status_code == httpx.codes.NOT_FOUND:
        raise NotFound(detail, code=code, field=field)
    if answer.is_server_error:
        raise NotNow(detail, code)
    if options and code in MISTYPED:
        raise Mistyped(detail, code=code, field=field)
    raise Rejected(detail, code=code, field=field)


def _code(answer: httpx.Response) -> str | None:
    """Give what the service calls the problem."""
    try:
        return str(answer.json()["code"])
    except (ValueError, KeyError, TypeError):
        return None


def _field(answer: httpx.Response) -> str | None:
    """Give the part of the request that is wrong, where the service names one."""
    try:
        return str(answer.json()["faults"][0]["field"])
    except (ValueError, LookupError, TypeError):
        return None


def _detail(answer: httpx.Response, options: Mapping[str, str], forms: Mapping[str, str]) -> str:
    try:
        told = answer.json()
        faults = [(str(fault["field"]), str(fault["fault"]).replace("_", " ")) for fault in told.get("faults", ())]
        if told.get("code") == INVALID.code and faults:
            named = [(_option(field, options), why) for field, why in faults]
            return f"{'; '.join(_not_right(option, why, forms) for option, why in named)}."
        return str(told["detail"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return f"The service answered with status {answer.status_code}; look at its log."


def _not_right(option: str, why: str, forms: Mapping[str, str]) -> str:
    form = f": {forms[option]}" if option in forms else ""
    return f"{option} is not right ({why}){form}"


def _option(field: str, options: Mapping[str, str]) -> str:
    """Name the option that a field, or a part of one such as `names.0`, came from."""
    while field not in options and "." in field:
        field = field.rpartition(".")[0]
    return options.get(field, field)
