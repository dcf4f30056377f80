"""This module tells which Kafka cluster answers at an address: what is kept of one says nothing of another."""

from typing import Any

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError
from aiokafka.protocol.metadata import MetadataRequest

from hub.producer import KafkaUnavailable, connection
from hub.settings import KafkaSettings

TIMEOUT_MS = 10_000


async def cluster_id(settings: KafkaSettings, client_id: str) -> str | None:
    """Ask for the id that the cluster was given when it was formatted; one that was wiped has another.

    Gives nothing where the cluster tells none.

    Raises:
        KafkaUnavailable: no broker answered.
    """
    client = AIOKafkaClient(**connection(settings, client_id), request_timeout_ms=TIMEOUT_MS)
    try:
        await client.bootstrap()
        node = client.get_random_node()
        # The client asks for this itself, but keeps brokers and topics of the answer only.
        answer: Any = None if node is None else await client.send(node, MetadataRequest([]))
    except (KafkaError, OSError) as error:
        raise KafkaUnavailable("Kafka does not answer; it is tried again.") from error
    finally:
        await client.close()
    return getattr(answer, "cluster_id", None)
