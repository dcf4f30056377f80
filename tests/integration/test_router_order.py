"""On the real Kafka: what an agency says of one record leaves the router in the order in which it came."""

import pytest

from contracts import topics
from hub.audit import PAGE_ENTRIES
from hub.message import Outgoing
from hub.producer import BATCH_BYTES, Producer
from tests.integration.search_stand import kafka_of, until
from tests.integration.test_large_messages import TOPIC, reading
from tests.unit.hub.test_router_rules import PAYLOAD, incoming

pytestmark = pytest.mark.servers

COUNT = 20 * PAGE_ENTRIES
LARGE = "x" * (
    BATCH_BYTES // PAGE_ENTRIES // 2
)  # the router's batches have several parts, each two batches of the wire


async def test_what_is_said_of_one_record_leaves_in_its_order(stack):
    stack.start_services(["router"])
    said = [incoming(PAYLOAD | {"later": f"{number} {LARGE}"}) for number in range(COUNT)]
    async with reading(stack, topics.outgoing("alert")) as routed:
        async with Producer(kafka_of(stack, "adapter-alerts"), "test") as producer:
            await producer.send_all([Outgoing(TOPIC, each.key, each.value, tuple(each.headers)) for each in said])

        async def all_routed():
            return len(await routed()) >= COUNT

        await until(all_routed)
        assert [each.value for each in await routed()] == [each.value for each in said]
