"""What Elasticsearch says becomes a sentence that names what to do."""

import pytest
from elastic_transport import ApiResponseMeta, ConnectionTimeout, HttpHeaders, NodeConfig
from elasticsearch import ApiError, AuthenticationException, AuthorizationException, NotFoundError

from search.repository import NotThere, RepositoryUnavailable, reached

NODE = NodeConfig("http", "elasticsearch.test", 9200)


def answered(kind, status):
    return kind("it said so", ApiResponseMeta(status, "1.1", HttpHeaders(), 0.1, NODE), {})


@pytest.mark.parametrize(
    ("failure", "kind", "told"),
    [
        (answered(NotFoundError, 404), NotThere, "start the projector"),
        (answered(AuthenticationException, 401), RepositoryUnavailable, "password file"),
        (answered(AuthorizationException, 403), RepositoryUnavailable, "give its role the right"),
        (answered(ApiError, 503), RepositoryUnavailable, "tried again"),
        (ConnectionTimeout("late"), RepositoryUnavailable, "tried again"),
    ],
)
def test_each_failure_says_what_to_do(failure, kind, told):
    with pytest.raises(kind, match=told) as raised, reached():
        raise failure
    assert type(raised.value) is kind
