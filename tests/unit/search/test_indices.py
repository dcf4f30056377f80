"""The aliases of the repository: each move is whole, may be asked for again, and yields to another rebuild."""

import asyncio
import datetime as dt
import re

import pytest
from elasticsearch import AuthorizationException, BadRequestError

from hub.bulk import IndexRefused
from search import indices as indices_module
from search.indices import Indices, MappingChanged, NameTaken, RebuildAtWork, RebuildOvertaken
from search.repository import NotThere, Repository, RepositoryUnavailable
from search.standing import Standing
from tests.unit.search.cluster import BOTH, Client, Cluster, Index, failure
from tests.unit.search.test_rebuild import documents

NOW = dt.datetime(2026, 6, 15, 12, 0, tzinfo=dt.UTC)
FILLED = {"records-rebuild"}
OLD = {"records", "records-write-old"}


async def begin(indices):
    return await indices.begin_rebuild(await indices.standing())


@pytest.mark.parametrize(
    "left",
    [
        {"old": BOTH},
        {"old": BOTH, "new": FILLED},
        {"old": OLD, "new": FILLED},
        {"old": OLD},
        {"old": set(), "new": BOTH},
    ],
)
async def test_a_rebuild_can_be_run_again_wherever_the_last_one_ended(left):
    cluster = Cluster(**left)
    indices = Indices(Client(cluster))
    read = cluster.bearer("records")

    name = await begin(indices)
    assert cluster.aliases() == {read: BOTH, name: FILLED}

    for _ in range(2):
        await indices.write_both(name)
        assert cluster.aliases() == {read: OLD, name: FILLED}
    for _ in range(2):
        await indices.publish(name)
        assert cluster.aliases() == {read: set(), name: BOTH}
    await indices.remove_unnamed()
    assert cluster.aliases() == {name: BOTH}
    assert cluster.held[name].refreshes


async def test_the_start_of_the_projector_leaves_a_rebuild_as_it_is():
    cluster = Cluster(old=OLD, new=FILLED)
    cluster.held["records-new"].meta["alive"] = "2026-06-15T11:59:59+00:00"
    await Indices(Client(cluster)).adapt()
    assert cluster.aliases() == {"records-old": OLD, "records-new": FILLED}
    assert cluster.held["records-new"].sign


async def test_what_others_call_alike_is_neither_removed_nor_told_of_nor_changed():
    cluster = Cluster(old=BOTH)
    theirs = Index({"theirs"}, meta={}, fields=set())
    bare = Index(set(), meta={"alive-and-kicking": "yes"}, fields=set())
    cluster.held |= {"records-2024-of-others": theirs, "records-of-others": bare}
    indices = Indices(Client(cluster))
    await indices.adapt()
    assert (await indices.standing()).told(NOW) is None

    name = await begin(indices)
    await indices.write_both(name)
    await indices.publish(name)
    await indices.remove_unnamed()
    assert cluster.aliases() == {name: BOTH, "records-2024-of-others": {"theirs"}, "records-of-others": set()}
    assert not theirs.fields


@pytest.mark.parametrize("adapted", [True, False])
async def test_what_was_made_before_there_was_a_mark_is_ours(adapted):
    cluster = Cluster(old=BOTH)
    cluster.held["records-old"].meta = {}
    indices = Indices(Client(cluster))
    if adapted:
        await indices.adapt()
    name = await begin(indices)
    await indices.write_both(name)
    await indices.publish(name)
    await indices.remove_unnamed()
    assert cluster.aliases() == {name: BOTH}


@pytest.mark.parametrize("meta", [{}, {"isthmus": "of-an-earlier-mapping"}])
async def test_fields_that_a_new_version_has_are_added_and_that_older_records_lack_them_is_told(meta):
    cluster = Cluster(old=BOTH)
    old = cluster.held["records-old"]
    old.meta = meta
    old.fields.remove("born")
    indices = Indices(Client(cluster))
    for _ in range(2):
        await indices.adapt()
        assert "born" in old.fields
        assert "isthmus repository rebuild" in (await indices.standing()).told(NOW)

    name = await begin(indices)
    await indices.write_both(name)
    await indices.publish(name)
    await indices.remove_unnamed()
    assert (await indices.standing()).told(NOW) is None


class Strict(Client):
    """To one that takes no field."""

    async def put_mapping(self, **about):
        if "properties" in about:
            raise failure(BadRequestError, 400)
        return await super().put_mapping(**about)


@pytest.mark.parametrize("meta", [{}, {"isthmus": "of-an-earlier-mapping"}])
async def test_a_field_that_is_another_one_now_keeps_the_projector_from_writing_until_a_rebuild(meta):
    cluster = Cluster(old=BOTH)
    cluster.held["records-old"].meta = meta
    indices = Indices(Strict(cluster))
    for _ in range(2):
        with pytest.raises(MappingChanged, match="isthmus repository rebuild"):
            await indices.adapt()

    name = await begin(indices)
    await indices.write_both(name)
    await indices.publish(name)
    await indices.adapt()  # as after a rebuild that was killed before it removed what nothing names any more
    await indices.remove_unnamed()
    assert cluster.aliases() == {name: BOTH}


async def test_a_start_asks_for_nothing_that_is_so_already():
    class Blocked(Client):
        async def put_mapping(self, **_about):
            raise failure(AuthorizationException, 403)

    await Indices(Blocked(Cluster(old=BOTH))).adapt()


async def test_the_first_index_is_read_and_written_once_it_is_whole():
    cluster = Cluster()
    indices = Indices(Client(cluster))
    assert not await indices.is_built()
    name = await begin(indices)
    await indices.write_both(name)
    assert cluster.aliases() == {name: FILLED}
    assert not await indices.is_built()
    for _ in range(2):
        await indices.publish(name)
        assert cluster.aliases() == {name: BOTH}
    assert await indices.is_built()


async def test_an_index_that_goes_while_it_is_looked_at_is_not_of_others():
    class Going(Client):
        async def exists(self, *, index):
            there = await super().exists(index=index)
            self.cluster.held.clear()
            return there

    assert not await Indices(Going(Cluster(old=BOTH))).is_built()


async def test_an_elasticsearch_that_never_answers_is_not_reached(monkeypatch):
    class Silent(Client):
        async def exists(self, *, index):
            assert index
            await asyncio.Event().wait()

    monkeypatch.setattr(indices_module, "REACHED_S", 0.01)
    async with asyncio.timeout(20):  # without a bound it would be for ever
        assert not await Indices(Silent(Cluster(old=BOTH))).is_reachable()


async def test_searches_reach_a_repository_of_ours_alone():
    ours, theirs = Cluster(old=BOTH), Cluster()
    theirs.held = {"records": Index(set(), meta={})}
    assert await Indices(Client(ours)).is_reachable()
    assert not await Indices(Client(theirs)).is_reachable()
    assert not await Indices(Client(Cluster())).is_reachable()
    await Indices(Client(ours)).require_built()
    with pytest.raises(NameTaken):
        await Indices(Client(theirs)).require_built()
    with pytest.raises(NotThere, match="start the projector"):
        await Indices(Client(Cluster())).require_built()


@pytest.mark.parametrize("others", [{"records": set()}, {"records-of-others": {"records"}}])
async def test_a_name_that_is_taken_is_one_sentence(others):
    cluster = Cluster()
    cluster.held = {name: Index(aliases, meta={}) for name, aliases in others.items()}
    with pytest.raises(NameTaken, match="use another Elasticsearch"):
        await Indices(Client(cluster)).is_built()
    with pytest.raises(NameTaken):
        await begin(Indices(Client(cluster)))
    assert cluster.aliases() == others


async def test_of_two_rebuilds_that_begin_at_once_one_begins():
    cluster = Cluster(old=BOTH, new=FILLED)
    one, other = Indices(Client(cluster)), Indices(Client(cluster))
    seen = await one.standing()
    name = await one.begin_rebuild(seen)
    with pytest.raises(RebuildAtWork):
        await other.begin_rebuild(seen)
    assert cluster.bearer("records-rebuild") == name


async def test_an_index_that_elasticsearch_does_not_make_is_told_with_what_to_do():
    class Full(Client):
        async def create(self, **_about):
            raise failure(BadRequestError, 400, "validation_exception")

    cluster = Cluster(old=BOTH)
    with pytest.raises(IndexRefused, match=r"records-2.* \(validation_exception\).*max_shards_per_node"):
        await begin(Indices(Full(cluster)))
    assert cluster.aliases() == {"records-old": BOTH}


async def test_a_refusal_by_another_rebuild_that_has_just_ended_is_no_setting_to_change():
    class Raced(Client):
        async def create(self, **_about):
            raise failure(BadRequestError, 400, "illegal_argument_exception")

    cluster = Cluster(old=BOTH)
    with pytest.raises(RepositoryUnavailable, match="tried again"):
        await begin(Indices(Raced(cluster)))
    assert cluster.aliases() == {"records-old": BOTH}


async def test_what_another_cleared_away_meanwhile_is_no_failure():
    cluster = Cluster(old=BOTH, new=FILLED)
    one, other = Indices(Client(cluster)), Indices(Client(cluster))
    seen = await one.standing()
    await other.give_up("records-new")
    assert await one.begin_rebuild(seen) in cluster.held


@pytest.mark.parametrize("step", ["give_sign", "write_both", "publish"])
@pytest.mark.parametrize("both", [False, True])
async def test_a_rebuild_that_was_held_for_dead_changes_nothing_any_more(step, both):
    cluster = Cluster(old=BOTH)
    slow, quick = Indices(Client(cluster)), Indices(Client(cluster))
    overtaken = await begin(slow)
    if both:
        await slow.write_both(overtaken)
    name = await begin(quick)
    await quick.write_both(name)
    before = cluster.aliases()

    with pytest.raises(RebuildOvertaken):
        await getattr(slow, step)(overtaken)
    await slow.give_up(overtaken)
    assert cluster.aliases() == before


async def test_what_was_published_is_not_given_up():
    cluster = Cluster(old=BOTH)
    indices = Indices(Client(cluster))
    name = await begin(indices)
    await indices.write_both(name)
    await indices.publish(name)
    await indices.give_up(name)
    assert cluster.bearer("records") == name


async def test_giving_up_does_not_take_away_what_is_published_at_the_same_moment():
    cluster = Cluster(old=BOTH)
    indices = Indices(Client(cluster))
    name = await begin(indices)
    await indices.write_both(name)

    class Late(Client):
        async def update_aliases(self, *, actions):
            await indices.publish(name)
            await super().update_aliases(actions=actions)

    await Indices(Late(cluster)).give_up(name)
    assert cluster.bearer("records") == name


async def test_giving_up_puts_everything_back():
    cluster = Cluster(old=BOTH)
    indices = Indices(Client(cluster))
    name = await begin(indices)
    await indices.write_both(name)
    await indices.give_up(name)
    assert cluster.aliases() == {"records-old": BOTH}


async def test_a_node_that_has_not_confirmed_the_move_is_waited_for():
    class Unsure(Client):
        async def put_mapping(self, **_about):
            return {"acknowledged": False}

    with pytest.raises(RepositoryUnavailable):
        await Indices(Unsure(Cluster(old=BOTH, new=FILLED))).write_both("records-new")


async def test_the_projector_writes_to_both_and_to_what_is_read_last():
    cluster = Cluster(old=OLD, new=FILLED)
    client = Client(cluster)
    repository = Repository(client)
    for number in range(2):
        assert await repository.store(documents(number)) == []
    assert client.calls == ["bulk records-write", *["bulk records-rebuild", "bulk records-write-old"] * 2]
    assert set(cluster.held["records-old"].documents) == set(cluster.held["records-new"].documents)


async def test_the_projector_goes_back_to_one_index_when_the_other_is_gone():
    cluster = Cluster(old=OLD, new=FILLED)
    repository = Repository(Client(cluster))
    await repository.store(documents(1))
    await Indices(Client(cluster)).give_up("records-new")
    await repository.store(documents(2))
    assert len(cluster.found()) == 2


async def test_a_repository_that_is_not_built_yet_is_waited_for():
    repository = Repository(Client(Cluster()))
    with pytest.raises(RepositoryUnavailable):
        await repository.store(documents(1))


@pytest.mark.parametrize(
    ("aliases", "signs", "told"),
    [
        ({"records-a": BOTH}, {"records-a": "2026-06-15T11:59:59+00:00"}, None),
        ({"records-a": BOTH, "records-b": FILLED}, {"records-b": "2026-06-15T11:59:50+00:00"}, "is being rebuilt"),
        ({"records-a": BOTH, "records-b": FILLED}, {"records-b": "2026-06-15T11:59:40+00:00"}, "was cut off"),
        ({"records-a": OLD, "records-b": FILLED}, {}, "was cut off.*isthmus repository rebuild"),
        ({"records-a": OLD}, {}, "was cut off"),
        ({}, {}, None),
        ({"records-b": FILLED}, {}, "what began to build it was cut off"),
        ({"records-b": FILLED}, {"records-b": "2026-06-15T11:59:50+00:00"}, "is being built from the log"),
        ({"records-a": set(), "records-b": BOTH}, {"records-b": "2026-06-15T11:00:00+00:00"}, "was cut off"),
    ],
)
def test_the_standing_says_in_a_sentence_what_a_rebuild_does_or_left(aliases, signs, told):
    said = Standing({name: frozenset(borne) for name, borne in aliases.items()}, signs).told(NOW)
    if told is None:
        assert said is None
    else:
        assert re.search(told, said)
