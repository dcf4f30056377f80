"""The repository on a real Elasticsearch: versions, erasures, refusals, and what a search finds."""

import time

import pytest

from contracts.dates import PartialDate
from contracts.identity import PersonName
from contracts.query import Criteria
from search.candidates import Candidates
from search.commonness import words_asked
from search.document import Document, document_of
from search.found import held_record
from search.indices import Indices
from search.query_body import BEARERS, CANDIDATES, candidates_body, commonness_body, linked_body
from search.repository import Repository, RepositoryUnavailable, connect
from tests.integration.search_stand import elasticsearch_of, repository_of
from tests.unit.search.people import envelope, erasure, fingerprint, listed, passport, person

pytestmark = pytest.mark.servers


def document(event, version=1):
    raw = event.model_dump_json(exclude_none=True).encode()
    return document_of(envelope(event, version), version, event, raw)


async def found(repository, body):
    await repository.refresh()
    return {record.record: record for source in await repository.search(body) if (record := held_record(source))}


def by_document(number):
    return candidates_body(Criteria(documents=(passport(number),)), None)


async def test_a_newer_version_replaces_and_an_older_one_does_not(stack):
    async with repository_of(stack) as (repository, _):
        record = person("versions", full="Ada Second", documents=(passport("V1"),))
        older = person("versions", full="Ada First", documents=(passport("V1"),))
        for event, version in ((record, 5), (older, 4), (older, 5)):
            assert await repository.store([document(event, version)]) == []
        (kept,) = (await found(repository, by_document("V1"))).values()
        assert kept.identity.names[0].full == "Ada Second"


async def test_an_erased_record_is_not_found_and_never_comes_back_with_a_late_event(stack):
    async with repository_of(stack) as (repository, _):
        record = person("erased", documents=(passport("E1"),))
        await repository.store([document(record, 1)])
        assert await found(repository, by_document("E1"))
        await repository.store([document(erasure(record), 3)])
        await repository.store([document(record, 2)])
        assert await found(repository, by_document("E1")) == {}
        await repository.store([document(record, 4)])
        assert await found(repository, by_document("E1"))


async def test_one_document_that_the_mapping_refuses_does_not_stop_the_others(stack):
    async with repository_of(stack) as (repository, _):
        bad = Document("entry-exit:persons:bad", 1, b'{"record":"entry-exit:persons:bad","unknown":1}')
        refusals = await repository.store([bad, document(person("good", documents=(passport("G1"),)))])
        assert [(refusal.record, refusal.error.reason) for refusal in refusals] == [(bad.record, "not-indexable")]
        assert await found(repository, by_document("G1"))


@pytest.mark.parametrize("asked", ["Zeltmann Oksana", "Oksana Zeltman", "Оксана Зельтманн", "OKSANA ZELTMAN"])
async def test_a_name_is_found_in_other_spellings_and_scripts(stack, asked):
    async with repository_of(stack) as (repository, _):
        await repository.store([document(person("spelling", full="Oksana Zeltmann", born="1970-02-03"))])
        criteria = Criteria(names=(PersonName(full=asked),), birth_date=PartialDate(1970, 2, 3))
        assert "entry-exit:persons:spelling" in await found(repository, candidates_body(criteria, None))


@pytest.mark.parametrize("alike", ["Omar Testani", "Omar Testany", "Umar Testani", "Омар Тестани", "عمر تستاني"])
async def test_whose_birth_date_agrees_is_found_though_more_namesakes_were_born_on_other_days_than_a_page_holds(
    stack, alike
):
    async with repository_of(stack) as (repository, _):
        crowd = [person(f"crowd{at}", full="Omar Testani", born=f"{1950 + at % 30}-01-31") for at in range(60)]
        await repository.store([document(each) for each in crowd])
        wanted = person("crowd", full=alike, born="1984-05-06")
        assert await repository.store([document(wanted, time.time_ns())]) == []
        await repository.refresh()
        criteria = Criteria(names=(PersonName(full="Omar Testani"),), birth_date=PartialDate(1984, 5, 6))
        found, _ = await Candidates(repository).find(criteria, None)
        assert wanted.record in {source["payload"]["record"] for source in found.sources}


@pytest.mark.parametrize(
    ("family", "born"),
    [("Varnheim", "1984-05-06"), ("Ostrevik", "1984"), ("Belquara", None), ("Tumolin", "1950-01-31")],
)
async def test_who_bears_a_rare_name_is_found_though_more_share_a_word_and_the_birth_date_than_a_page_holds(
    stack, family, born
):
    async with repository_of(stack) as (repository, _):
        crowd = [person(f"day{at}", full=f"Ildiko Quorra{at}", born="1984-05-06") for at in range(2 * CANDIDATES)]
        wanted = person(family, full=f"Ildikó {family}", born=born)
        assert await repository.store([document(each) for each in (*crowd, wanted)]) == []
        await repository.refresh()
        criteria = Criteria(names=(PersonName(full=f"Ildiko {family}"),), birth_date=PartialDate(1984, 5, 6))
        found, _ = await Candidates(repository).every(criteria, None)
        assert wanted.record in {source["payload"]["record"] for source in found}


async def test_only_visible_systems_are_found_and_fingers_belong_to_their_subject(stack):
    async with repository_of(stack) as (repository, _):
        finger = fingerprint("visible", subject="asylum:applicants:visible")
        await repository.store([document(finger), document(listed("visible", number="L1"))])
        body = linked_body(["asylum:applicants:visible"], ["L1"], {"blacklist"})
        assert set(await found(repository, body)) == {"blacklist:documents:visible"}
        everything = await found(repository, linked_body(["asylum:applicants:visible"], ["L1"], None))
        assert everything[finger.record].subject == "asylum:applicants:visible"


async def test_records_are_counted_by_system_and_contract(stack):
    async with repository_of(stack) as (repository, _):
        record = person("counted", system="counting")
        gone = person("gone", system="counting")
        await repository.store([document(record, 7), document(erasure(gone), 9)])
        await repository.refresh()
        (held,) = [each for each in await repository.held() if each.system == "counting"]
        assert (held.contract, held.present, held.erased, held.newest_version) == ("person", 1, 1, 9)


async def test_a_name_is_common_among_the_records_that_name_somebody_alone(stack):
    criteria = Criteria(names=(PersonName(full="Zerlina Quist"),))

    async def counted(repository):
        await repository.refresh()
        counting = commonness_body(words_asked(criteria), None)
        return (await repository.search_counting(candidates_body(criteria, None), counting, BEARERS))[1]

    async with repository_of(stack) as (repository, _):
        before = await counted(repository)
        gone = person("common-gone", full="Zerlina Quist")
        events = person("common", full="Zerlina Quist"), fingerprint("common-finger"), erasure(gone)
        assert await repository.store([document(event, 2) for event in events]) == []
        after = await counted(repository)
    assert after.total == before.total + 1
    assert after.bearers == {"zerlina": 1, "quist": 1}


async def test_the_searching_account_reads_and_cannot_write(stack):
    async with repository_of(stack, "projector"):
        pass
    async with repository_of(stack, "search") as (repository, indices):
        assert await indices.is_reachable()
        assert isinstance(await repository.search(by_document("NOBODYS")), list)
        with pytest.raises(RepositoryUnavailable):
            await repository.store([document(person("forbidden"))])


async def test_an_elasticsearch_that_is_away_is_unavailable(stack):
    settings = elasticsearch_of(stack, "search").model_copy(update={"url": "http://127.0.0.1:1"})
    client = connect(settings)
    async with Repository(client) as repository:
        assert not await Indices(client).is_reachable()
        with pytest.raises(RepositoryUnavailable):
            await repository.search(by_document("X1"))


async def test_many_large_documents_are_stored_in_several_requests(stack):
    async with repository_of(stack) as (repository, _):
        events = [
            person(f"large{number}", birth_place="x" * 300, documents=(passport(f"B{number}"),))
            for number in range(3000)
        ]
        assert await repository.store([document(event) for event in events]) == []
        assert await found(repository, by_document("B2999"))
