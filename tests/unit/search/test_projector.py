"""The projector: what arrives is stored once, audited, and what cannot be read is refused by itself."""

import pytest

from contracts.audit import AuditAction
from hub.errors import Rejected, Retryable
from search.projector.handler import TOPICS, Projector
from search.repository import Refusal, RepositoryUnavailable
from tests.unit.search.people import erasure, message, person


class FakeStore:
    """Refuses some versions of some records for good."""

    def __init__(self, *, refuse=(), away=False):
        self.stored = {}
        self.refuse = set(refuse)
        self.away = away

    async def store(self, documents):
        if self.away:
            raise RepositoryUnavailable("away")
        refused = [document for document in documents if (document.record, document.version) in self.refuse]
        for document in documents:
            if document not in refused and self.stored.get(document.record, -1) < document.version:
                self.stored[document.record] = document.version
        error = Rejected("no", code="not-indexable")
        return [Refusal(document.record, document.version, error) for document in refused]


class FakeAudit:
    def __init__(self):
        self.entries = []

    async def record(self, entries):
        self.entries += entries


@pytest.fixture
def store():
    return FakeStore()


@pytest.fixture
def audit():
    return FakeAudit()


async def test_records_are_stored_with_their_versions_and_audited(store, audit):
    batch = [message(person(str(number)), 5, offset=number) for number in range(3)]

    assert await Projector(store, audit)(batch) == []

    assert store.stored == {f"entry-exit:persons:{number}": 5 for number in range(3)}
    assert [entry.action for entry in audit.entries] == [AuditAction.DELIVERED] * 3
    assert [entry.offset for entry in audit.entries] == [0, 1, 2]


async def test_a_batch_that_comes_again_writes_the_same_audit_entries(store, audit):
    projector = Projector(store, audit)
    batch = [message(person())]
    await projector(batch)
    await projector(batch)
    assert len({entry.entry for entry in audit.entries}) == 1


async def test_an_erasure_is_audited_as_one(store, audit):
    await Projector(store, audit)([message(person(), 1), message(erasure(person()), 2, offset=1)])
    assert store.stored == {"entry-exit:persons:1": 2}
    assert [entry.action for entry in audit.entries] == [AuditAction.DELIVERED, AuditAction.ERASED]


def broken(**changes):
    return message(person())._replace(**changes)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (broken(value=b"{"), "bad-payload"),
        (broken(value=b'{"contract":"person","system":"entry-exit"}'), "bad-payload"),
        (broken(value=None), "no-value"),
        (broken(headers=()), "bad-envelope"),
        (broken(headers=tuple(p for p in broken().headers if p[0] != "recordversion")), "bad-envelope"),
        (broken(topic="out.weather.v1"), "unknown-contract"),
        (broken(value=b"\xff\xfe"), "bad-payload"),
        (broken(value=broken().value.replace(b'"subject":"entry-exit:', b'"subject":"asylum:')), "bad-payload"),
    ],
)
async def test_what_cannot_be_read_is_refused_and_the_rest_goes_on(bad, reason, store, audit):
    rejections = await Projector(store, audit)([bad, message(person("2"))])
    assert [rejection.error.reason for rejection in rejections] == [reason]
    assert list(store.stored) == ["entry-exit:persons:2"]
    assert [entry.record for entry in audit.entries] == ["entry-exit:persons:2"]  # `hub.broker` tells of the other


async def test_a_refused_document_is_a_rejected_message_and_is_not_audited_as_delivered(audit):
    store = FakeStore(refuse=[("entry-exit:persons:1", 1)])
    rejections = await Projector(store, audit)([message(person("1")), message(person("2"), offset=1)])
    assert [rejection.message.key for rejection in rejections] == [b"entry-exit:persons:1"]
    assert [entry.record for entry in audit.entries] == ["entry-exit:persons:2"]


async def test_where_the_newest_version_is_refused_the_one_before_it_in_the_batch_counts(audit):
    store = FakeStore(refuse=[("entry-exit:persons:1", 3), ("entry-exit:persons:1", 4)])
    batch = [message(person("1"), version, offset=version) for version in (1, 2, 3, 4)]
    rejections = await Projector(store, audit)(batch)
    assert store.stored == {"entry-exit:persons:1": 2}
    assert [rejection.message.offset for rejection in rejections] == [3, 4]
    assert len(audit.entries) == 2


async def test_nothing_is_audited_while_the_repository_is_away(audit):
    with pytest.raises(Retryable):
        await Projector(FakeStore(away=True), audit)([message(person())])
    assert audit.entries == []


def test_everything_that_adapters_publish_is_projected():
    assert set(TOPICS) == {
        "out.person.v1",
        "out.travel-document.v1",
        "out.border-crossing.v1",
        "out.alert.v1",
        "out.fingerprint.v1",
        "out.erasure.v1",
    }
