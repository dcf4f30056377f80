"""This module lets the person at the machine act on a stack: as Kafka's user `operator`, or with a token."""

import getpass
from pathlib import Path
from typing import Any

import httpx

from deploy.local.environment import kafka_environment
from deploy.local.stack import Stack
from hub.errors import NotFound, Rejected, Retryable
from hub.settings import KafkaSettings

OPERATOR = "operator"
ANSWER_S = 30.0


def operator_kafka(stack: Stack) -> KafkaSettings:
    """Give the operator's connection to the stack's Kafka."""
    found = kafka_environment(OPERATOR, stack.secrets, stack.addresses)
    file = found.get("ISTHMUS_KAFKA__PASSWORD_FILE")
    return KafkaSettings(
        bootstrap=found["ISTHMUS_KAFKA__BOOTSTRAP"],
        username=found.get("ISTHMUS_KAFKA__USERNAME"),
        password_file=Path(file) if file else None,
    )


def user_name() -> str:
    """Name the person at the machine, for the audit."""
    return f"{getpass.getuser()}@local"


class ServiceAway(Retryable):
    """A service of the stack does not answer."""


def ask(
    stack: Stack,
    service: str,
    method: str,
    path: str,
    *,
    scopes: list[str],
    body: dict[str, Any] | None = None,
    user: str | None = None,
) -> Any:
    """Ask an HTTP service of the stack, with a token that grants `scopes` for a few minutes.

    The token is that of `user`, or of the person at the machine.

    Raises:
        ServiceAway: it does not answer.
        Rejected: it refuses; the text is the one of its problem answer.
    """
    token = stack.token(user or user_name(), scopes)
    try:
        answer = httpx.request(
            method,
            stack.addresses.url(service) + path,
            json=body,
            headers={"Authorization": f"Bearer {token}"},
            timeout=ANSWER_S,
        )
    except (httpx.HTTPError, KeyError):
        raise ServiceAway(f"The {service} service does not answer; start the stack with `isthmus up`.") from None
    if answer.is_success:
        return answer.json()
    detail = _detail(answer)
    if answer.status_code == httpx.codes.NOT_FOUND:
        raise NotFound(detail)
    if answer.is_server_error:
        raise ServiceAway(detail)
    raise Rejected(detail)


def _detail(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["detail"])
    except (ValueError, KeyError, TypeError):
        return f"The service answered with status {answer.status_code}; look at its log."
