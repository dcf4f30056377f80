"""This module describes all topics as an AsyncAPI 3.0 document, made from the contracts alone."""

from typing import Any

from contracts import topics
from contracts.base import Contract
from contracts.envelope import CONTENT_TYPE, contract_type

Json = dict[str, Any]

VERSION = "1"
SCHEMAS = "#/components/schemas/"
SYSTEM = {"description": "A connected system, such as `entry-exit`."}
SERVICE = {"description": "The account of a service or an adapter, such as `router` or `adapter-entry-exit`."}
INSTANCE = {"description": "An instance of the search service, such as `search-1`."}

# CloudEvents 1.0 in Kafka's binary mode, with the headers of tracing and of record versions beside them.
HEADERS: Json = {
    "type": "object",
    "required": [
        "ce_specversion",
        "ce_id",
        "ce_source",
        "ce_type",
        "ce_subject",
        "ce_dataschema",
        "ce_time",
        "content-type",
        "correlationid",
        "traceparent",
    ],
    "properties": {
        "ce_specversion": {"const": "1.0"},
        "ce_id": {
            "type": "string",
            "format": "uuid",
            "description": "The same for the same version of a record, however often it is read.",
        },
        "ce_source": {"type": "string", "format": "uri-reference"},
        "ce_type": {"type": "string"},
        "ce_subject": {"type": "string"},
        "ce_dataschema": {"type": "string", "format": "uri"},
        "ce_time": {"type": "string", "format": "date-time"},
        "content-type": {"const": CONTENT_TYPE},
        "correlationid": {"type": "string", "format": "uuid", "description": "Everything that one cause set going."},
        "causationid": {"type": "string", "description": "The `ce_id` of the parent message."},
        "traceparent": {"type": "string", "description": "W3C Trace Context."},
        "recordversion": {
            "type": "string",
            "pattern": r"^\d{1,18}$",
            "description": "Rises with every change of the record; stores use it as external version.",
        },
    },
}


def document() -> Json:
    """Compose the document: channels by the names of topics, one message a contract and major version."""
    channels: Json = {}
    operations: Json = {}
    for contract, majors in topics.RECORD_CONTRACTS.items():
        for major in majors:
            name = f"{contract}.v{major}"
            channels[f"in.{name}"] = _channel(
                topics.incoming("{system}", contract, major), "Events as the agency sent them.", name, system=SYSTEM
            )
            channels[f"out.{name}"] = _channel(
                topics.outgoing(contract, major), "Events that the router validated, authorised and audited.", name
            )
            operations[f"publish.{name}"] = _operation(
                "receive", f"in.{name}", "An adapter publishes; the router reads."
            )
            operations[f"consume.{name}"] = _operation("send", f"out.{name}", "The router publishes; everybody reads.")
    channels["query"] = _channel(
        topics.query("{system}"), "Live questions to a connected system, kept for an hour.", "query.v1", system=SYSTEM
    )
    channels["answer"] = _channel(
        topics.answer("{instance}"), "The systems' answers, kept for an hour.", "answer.v1", instance=INSTANCE
    )
    channels["audit"] = _channel(
        topics.audit("{service}"),
        "What one service did to whose data; the ledger's input.",
        "audit.v1",
        service=SERVICE,
    )
    channels["dead"] = _channel(
        topics.dead("{system}"),
        "Rejected messages: their raw bytes and headers, with the reason and the place they came from.",
        None,
        system=SYSTEM,
    )
    operations["ask"] = _operation("send", "query", "Search asks; the system's adapter answers.") | {
        "reply": {"channel": {"$ref": "#/channels/answer"}}
    }
    operations["audit"] = _operation("receive", "audit", "Every service writes its own; the ledger reads all.")
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Isthmus",
            "version": VERSION,
            "description": "The topics by which the systems of migration and border agencies are joined.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": CONTENT_TYPE,
        "channels": channels,
        "operations": operations,
        "components": {"messages": _messages(), "schemas": {"Headers": HEADERS, **_schemas()}},
    }


def _channel(address: str, description: str, message: str | None, **parameters: Json) -> Json:
    messages = {message: {"$ref": f"#/components/messages/{message}"}} if message else {}
    channel: Json = {"address": address, "description": description, "messages": messages}
    return channel | ({"parameters": parameters} if parameters else {})


def _operation(action: str, channel: str, summary: str) -> Json:
    return {"action": action, "channel": {"$ref": f"#/channels/{channel}"}, "summary": summary}


def _messages() -> Json:
    return {
        f"{contract}.v{major}": {
            "name": contract_type(contract, major),
            "title": (model.__doc__ or contract).splitlines()[0],
            "contentType": CONTENT_TYPE,
            "headers": {"$ref": SCHEMAS + "Headers"},
            "payload": {"$ref": SCHEMAS + model.__name__},
        }
        for contract, major, model in _contracts()
    }


def _schemas() -> Json:
    schemas: Json = {}
    for _, _, model in _contracts():
        schema = model.model_json_schema(ref_template=SCHEMAS + "{model}")
        schemas.update(schema.pop("$defs", {}))
        schemas[model.__name__] = schema
    return dict(sorted(schemas.items()))


def _contracts() -> list[tuple[str, int, type[Contract]]]:
    return [
        (contract, major, model) for contract, majors in topics.CONTRACTS.items() for major, model in majors.items()
    ]
