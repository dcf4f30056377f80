"""This module asks a server of this machine over HTTP how it is, at little cost: it is asked often."""

import http.client
from base64 import b64encode
from urllib.parse import urlsplit


def ask(url: str, timeout: float, login: tuple[str, str] | None = None) -> int | None:
    """Give the status of the answer to `GET url` (plain HTTP), or nothing when there is none in `timeout` seconds."""
    parts = urlsplit(url)
    headers = {}
    if login is not None:
        headers["Authorization"] = "Basic " + b64encode(":".join(login).encode()).decode()
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=timeout)
    try:
        connection.request("GET", f"{parts.path}?{parts.query}" if parts.query else parts.path, headers=headers)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
