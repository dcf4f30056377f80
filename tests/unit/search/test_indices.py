"""The aliases of the repository: every state that a rebuild can be interrupted in is mended by the next."""

import pytest

from search.indices import Indices


class Body:
    def __init__(self, body):
        self.body = body


class FakeElasticsearch:
    """Indices with their aliases; as the real one it has no alias with two write indices, and each update is whole."""

    def __init__(self, **held):
        self.held = {f"records-{name}": set(aliases) for name, aliases in held.items()}
        self.shown = set()
        self.updates = []

    @property
    def indices(self):
        return self

    async def exists_alias(self, *, name):
        return any(name in aliases for aliases in self.held.values())

    async def get_alias(self, *, index, ignore_unavailable):
        assert (index, ignore_unavailable) == ("records-*", True)
        return Body({name: {"aliases": {alias: {} for alias in aliases}} for name, aliases in self.held.items()})

    async def create(self, *, index, aliases, **_body):
        for alias in aliases:
            assert alias == "records" or not any(alias in held for held in self.held.values())
        self.held[index] = set(aliases)

    async def delete(self, *, index, ignore_unavailable):
        assert ignore_unavailable
        del self.held[index]

    async def put_settings(self, *, index, settings):
        assert settings["refresh_interval"] != "-1"

    async def refresh(self, *, index):
        self.shown.add(index)

    async def update_aliases(self, *, actions):
        self.updates.append(actions)
        for action in actions:
            ((what, about),) = action.items()
            if what == "remove":
                self.held[about["index"]].remove(about["alias"])
            else:
                self.held[about["index"]].add(about["alias"])

    def bearers(self, alias):
        return [name for name, aliases in self.held.items() if alias in aliases]


BOTH = {"records", "records-write"}


@pytest.mark.parametrize(
    "left",
    [
        {"old": BOTH},
        {"old": BOTH, "new": {"records-rebuild"}},
        {"old": {"records"}, "new": {"records-write", "records-rebuild"}},
        {"old": set(), "new": BOTH | {"records-rebuild"}},
        {"old": set(), "new": BOTH},
    ],
)
async def test_a_rebuild_can_be_run_again_wherever_the_last_one_ended(left):
    elasticsearch = FakeElasticsearch(**left)
    indices = Indices(elasticsearch)

    name = await indices.begin_rebuild()

    assert elasticsearch.bearers("records-rebuild") == [name]
    assert elasticsearch.bearers("records") == elasticsearch.bearers("records-write")
    await indices.take_writes(name)
    await indices.publish(name)
    await indices.publish(name)
    await indices.remove_unnamed()
    assert elasticsearch.held == {name: BOTH}


async def test_searches_read_again_what_is_written_when_the_projector_starts():
    elasticsearch = FakeElasticsearch(old={"records"}, new={"records-write", "records-rebuild"})
    await Indices(elasticsearch).ensure()
    assert elasticsearch.bearers("records") == ["records-new"]
    assert elasticsearch.shown == {"records-new"}
    assert elasticsearch.bearers("records-rebuild") == ["records-new"]


async def test_publishing_is_one_step():
    elasticsearch = FakeElasticsearch(old=BOTH)
    indices = Indices(elasticsearch)
    name = await indices.begin_rebuild()
    before = len(elasticsearch.updates)
    await indices.publish(name)
    assert len(elasticsearch.updates) == before + 1
    assert elasticsearch.bearers("records-rebuild") == []


async def test_the_first_index_is_made_once():
    elasticsearch = FakeElasticsearch()
    await Indices(elasticsearch).ensure()
    await Indices(elasticsearch).ensure()
    assert list(elasticsearch.held.values()) == [BOTH]
