"""This module serves the page that describes a service's API: from the service itself, for a room without Internet."""

from importlib.resources import files
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse, HTMLResponse, Response

PATH = "/docs"
# Nothing is fetched from elsewhere, and no script runs but the two below; Swagger UI sets styles and draws from data.
POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:"
)
PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Isthmus: API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/swagger-ui.css">
<div id="api">This page needs JavaScript; <a href="openapi.json">openapi.json</a> says the same.</div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</html>
"""
START = 'SwaggerUIBundle({url: "openapi.json", dom_id: "#api", deepLinking: true, validatorUrl: null});\n'


def api_docs() -> APIRouter:
    """Make the page and what it loads."""
    assets = Path(str(files("fastapi_offline"))) / "static"
    router = APIRouter(include_in_schema=False)

    @router.get(PATH)
    async def page() -> Response:
        return HTMLResponse(PAGE, headers={"Content-Security-Policy": POLICY})

    @router.get(PATH + "/start.js")
    async def start() -> Response:
        return Response(START, media_type="text/javascript")

    @router.get(PATH + "/swagger-ui.css")
    async def style() -> Response:
        return FileResponse(assets / "swagger-ui.css")

    @router.get(PATH + "/swagger-ui-bundle.js")
    async def script() -> Response:
        return FileResponse(assets / "swagger-ui-bundle.js")

    return router
