"""What tests of the hub share: tokens, failures, an audit that may be away, sizes as Kafka counts them."""

import datetime as dt

from aiokafka.record.default_records import DefaultRecordBatchBuilder
from pydantic import BaseModel, ConfigDict, Field

from hub.audit import AuditUnavailable
from hub.errors import Misconfigured, NotAuthorised, NotFound, Rejected, Retryable
from hub.security.tokens import issue_token, new_signing_key

NOW = dt.datetime.now(dt.UTC)
KEY = new_signing_key()


def token(
    key=KEY, *, scopes=("search",), lifetime_s=3600, issuer="isthmus-local", audience="isthmus", user="guard-1"
) -> str:
    return issue_token(
        key,
        issuer=issuer,
        audience=audience,
        user=user,
        scopes=scopes,
        systems=["*"],
        now=NOW,
        lifetime=dt.timedelta(seconds=lifetime_s),
    )


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Question(Strict):
    name: str
    size: int
    of: Strict = Strict()
    purpose: str = Field(default="border-check", pattern="^[a-z-]+$")


class Audit:
    """Keeps entries, or is away."""

    service = "t"

    def __init__(self):
        self.entries = []
        self.away = False

    async def record(self, entries):
        if self.away:
            raise AuditUnavailable("away")
        self.entries += entries


FAILURES = {
    "rejected": Rejected("Say it better.", code="bad-thing", field="mrz"),
    "missing": NotFound("Nothing here."),
    "closed": NotAuthorised("This is of a system that your token does not open."),
    "away": Retryable("Away; try again."),
    "config": Misconfigured("Set it."),
    "bug": ZeroDivisionError("Ada Testova"),
}


async def ask(client, bearer=None, body=None, **headers):
    authorization = {"Authorization": f"Bearer {bearer}"} if bearer else {}
    return await client.post("/v1/ask", json=body or {"name": "n", "size": 1}, headers=authorization | headers)


def stored_bytes(message) -> int:
    """How large a batch is that holds a message alone: what Kafka holds against `max.message.bytes`."""
    builder = DefaultRecordBatchBuilder(2, 0, 0, -1, -1, -1, 0)
    builder.append(0, 1_700_000_000_000, message.key, message.value, list(message.headers))
    return len(builder.build())
