"""This module holds what every story of the demo needs: the stack, the agencies, the people, and somebody to tell."""

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.demo.legacy.agencies import Agencies
from deploy.demo.population.population import Population
from deploy.demo.story.telling import Telling
from deploy.local.stack import Stack
from deploy.operator import ask
from hub.ledger.trace import Trace
from hub.security.principal import Scope
from search.answer import SearchAnswer

GUARD = "guard@booth-7"
CLERK = "clerk@registration-2"
AUDITOR = "auditor@data-protection"
ATTEMPTS = 8
BETWEEN_ATTEMPTS_S = 1.0


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the stories play."""

    stack: Stack
    agencies: Agencies
    population: Population
    telling: Telling
    folder: Path

    def search(self, user: str, **request: Any) -> SearchAnswer:
        """Ask all systems at once, and again where somebody was too slow: right after a start, or on a busy machine."""
        scopes: list[str] = [Scope.SEARCH, *([Scope.IDENTIFY] if "finger" in request else [])]
        for _ in range(ATTEMPTS):
            answer = SearchAnswer.model_validate(
                ask(self.stack, "search", "POST", "/v1/search", scopes=scopes, body=request, user=user)
            )
            if answer.complete:
                break
            time.sleep(BETWEEN_ATTEMPTS_S)
        return answer

    def biometrics(self, user: str, act: str, scope: Scope, body: dict[str, Any]) -> dict[str, Any]:
        """Ask the biometrics service."""
        answer: dict[str, Any] = ask(
            self.stack, "biometrics", "POST", f"/v1/{act}", scopes=[scope], body=body, user=user
        )
        return answer

    def trace(self, user: str, reference: str, limit: int) -> Trace:
        """Ask the ledger for the newest flows of a reference."""
        path, query = f"/v1/trace/{reference}", {"limit": limit}
        return Trace.model_validate(
            ask(self.stack, "ledger", "GET", path, scopes=[Scope.AUDIT_READ], query=query, user=user)
        )

    def keep(self, name: str, content: bytes) -> Path:
        """Keep a file that a command of the reader can use."""
        path = self.folder / name
        path.write_bytes(content)
        return path

    def keep_json(self, name: str, content: Any) -> Path:
        """Keep the body of a request."""
        return self.keep(name, json.dumps(content).encode())
