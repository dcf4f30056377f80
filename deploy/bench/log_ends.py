"""This module counts what lies in topics and looks after consumer groups, as Kafka's administrator."""

import time
from collections.abc import Callable

from confluent_kafka import ConsumerGroupState, KafkaError, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic, OffsetSpec
from tenacity import retry, retry_if_exception, stop_after_delay, wait_fixed

from deploy.bench.figures import MeasurementFailed

PARTITIONS = 4
JOIN_S = 60.0
LOOK_S = 0.2
STALE = {KafkaError.NOT_LEADER_FOR_PARTITION, KafkaError.UNKNOWN_TOPIC_OR_PART}


def _passes(error: BaseException) -> bool:
    """Tell whether a failure ends by itself: of a topic that was there before, the client still knows what is gone."""
    return isinstance(error, KafkaException) and bool(error.args[0].retriable() or error.args[0].code() in STALE)


class LogEnds:
    """The ends of all topics whose names begin with a prefix; the topics are looked up once."""

    def __init__(self, admin: AdminClient, prefix: str) -> None:
        self._admin = admin
        self.topics = sorted(name for name in admin.list_topics(timeout=10).topics if name.startswith(prefix))
        found = admin.list_topics(timeout=10).topics
        self._wanted = {
            TopicPartition(topic, partition): OffsetSpec.latest()  # type: ignore[no-untyped-call]  # the library types all but this
            for topic in self.topics
            for partition in found[topic].partitions
        }

    @retry(retry=retry_if_exception(_passes), wait=wait_fixed(LOOK_S), stop=stop_after_delay(JOIN_S), reraise=True)
    def total(self) -> int:
        """Count the messages that were ever written there."""
        return sum(future.result().offset for future in self._admin.list_offsets(self._wanted).values())


def make_topics(admin: AdminClient, names: list[str]) -> None:
    """Make topics as wide as those of the product; none may be there yet.

    Raises:
        MeasurementFailed: Kafka does not tell of them, which it does a moment after it has made them.
    """
    for future in admin.create_topics([NewTopic(name, PARTITIONS, 1) for name in names]).values():
        future.result()
    until(lambda: set(names) <= set(admin.list_topics(timeout=10).topics), JOIN_S, "The topics were not made")


def drop_topics(admin: AdminClient, names: list[str]) -> None:
    """Remove topics, and forget those that are not there."""
    for future in admin.delete_topics(names, operation_timeout=30).values():
        _settled(future.result)


def forget_group(admin: AdminClient, group: str) -> None:
    """Let a consumer group, which must have no members, begin anew."""
    for future in admin.delete_consumer_groups([group]).values():
        _settled(future.result)


def await_group(admin: AdminClient, group: str) -> None:
    """Wait until a group has members and every partition one of them.

    Raises:
        MeasurementFailed: it did not come together.
    """
    until(lambda: _is_stable(admin, group), JOIN_S, f"The consumer group {group} did not come together")


def until(happened: Callable[[], bool], seconds: float, what_not: str, look_s: float = LOOK_S) -> None:
    """Look again and again whether something happened.

    Raises:
        MeasurementFailed: it did not within `seconds`.
    """
    deadline = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > deadline:
            raise MeasurementFailed(f"{what_not} within {seconds:.0f} s; look into the services' logs with --keep.")
        time.sleep(look_s)


def _is_stable(admin: AdminClient, group: str) -> bool:
    try:
        description = admin.describe_consumer_groups([group])[group].result()
    except KafkaException:
        return False
    return bool(description.state == ConsumerGroupState.STABLE and description.members)


def _settled(result: Callable[[], object]) -> None:
    try:
        result()
    except KafkaException:
        return
