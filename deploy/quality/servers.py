"""This module gives measurements an Elasticsearch: the environment's, that of a stack that is up, or their own."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from deploy.bench.telling import Teller
from deploy.evaluating import URL, elasticsearch, elasticsearch_of
from deploy.local.home import known_stacks
from deploy.local.stack import Stack
from hub.settings import ElasticsearchSettings

STACK = "local"
OWN = "quality"


@contextmanager
def some_elasticsearch(teller: Teller) -> Iterator[ElasticsearchSettings]:
    """Give an Elasticsearch; one that was started for this is stopped at the end, and its data removed.

    Raises:
        StackFault: none is there, and none can be started.
    """
    if os.environ.get(URL) or (STACK in known_stacks() and Stack.open(STACK).is_up()):
        yield elasticsearch(STACK)
        return
    stack = Stack.open(OWN)
    stack.forget()
    try:
        stack.start(teller, services=())
        yield elasticsearch_of(stack)
    finally:
        stack.stop()
        stack.forget()
