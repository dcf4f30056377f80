"""This module holds what the projector and the rebuilding of the repository need to know."""

from pydantic import Field

from hub.settings import ElasticsearchSettings, ServiceSettings


class ProjectorSettings(ServiceSettings):
    """Where the log is, where the repository is, and how many batches are under way at once."""

    elasticsearch: ElasticsearchSettings = ElasticsearchSettings()
    writers: int = Field(
        default=2, ge=1, le=8, description="Consumers in this process: one reads while the index works for another."
    )
