"""This module asks a stack's Elasticsearch whether a rebuild of the repository is at work or was cut off."""

import asyncio
import datetime as dt

from deploy.local.environment import elasticsearch_settings
from deploy.local.stack import Stack
from hub.errors import Retryable
from hub.settings import ElasticsearchSettings
from search.indices import Indices
from search.repository import Repository, connect

ACCOUNT = "projector"  # a rebuild does the projector's work, with the projector's rights
ANSWER_S = 3.0


def elasticsearch_of(stack: Stack) -> ElasticsearchSettings:
    """Give the projector's connection to the stack's Elasticsearch."""
    return elasticsearch_settings(ACCOUNT, stack.secrets, stack.addresses)


def told_of_rebuild(settings: ElasticsearchSettings) -> str | None:
    """Say in a sentence what a rebuild does or has left; nothing where all is at rest or Elasticsearch is away."""
    try:
        return asyncio.run(_told(settings))
    except (Retryable, TimeoutError):
        return None


async def _told(settings: ElasticsearchSettings) -> str | None:
    client = connect(settings)
    async with Repository(client), asyncio.timeout(ANSWER_S):
        return (await Indices(client).standing()).told(dt.datetime.now(dt.UTC))
