"""Which Kafka cluster answers: its id, and what is said where nobody answers."""

import pytest
from aiokafka.errors import KafkaConnectionError
from aiokafka.protocol.metadata import MetadataResponse_v1, MetadataResponse_v5

from hub import cluster
from hub.cluster import cluster_id
from hub.producer import KafkaUnavailable
from hub.settings import KafkaSettings

SETTINGS = KafkaSettings(bootstrap="127.0.0.1:1")


class Client:
    """Stands in for the client of Kafka's protocol."""

    answer = None
    closed = 0

    def __init__(self, **_connection):
        pass

    async def bootstrap(self):
        if self.answer is None:
            raise KafkaConnectionError("nobody")

    def get_random_node(self):
        return 1

    async def send(self, _node, _request):
        return self.answer

    async def close(self):
        Client.closed += 1


@pytest.fixture(autouse=True)
def client(monkeypatch):
    monkeypatch.setattr(cluster, "AIOKafkaClient", Client)
    monkeypatch.setattr(Client, "closed", 0)
    yield Client
    assert Client.closed == 1


@pytest.mark.parametrize(
    ("answer", "told"),
    [(MetadataResponse_v5(0, [], "cluster-7", 1, []), "cluster-7"), (MetadataResponse_v1([], 1, []), None)],
)
async def test_a_cluster_tells_its_id_and_an_old_one_none(monkeypatch, client, answer, told):
    monkeypatch.setattr(client, "answer", answer)
    assert await cluster_id(SETTINGS, "test") == told


async def test_a_cluster_that_does_not_answer_is_waited_for():
    with pytest.raises(KafkaUnavailable):
        await cluster_id(SETTINGS, "test")
