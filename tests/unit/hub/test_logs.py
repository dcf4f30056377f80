"""What the log says: lines of one shape, with references and counts, and never with the data of a person."""

import datetime as dt
import io
import json
import logging
import sys

import pytest
import structlog

from contracts.identity import IdentityData, PersonName
from contracts.records import BorderCrossingV1, PersonV1
from hub.logs import KEYS, WithoutTraceback, configure_logs, get_logger
from hub.settings import LogSettings

NAME = "Ada Testova"
ADA = PersonV1(
    system="asylum",
    record="asylum:person:1",
    subject="asylum:person:1",
    identity=IdentityData(names=(PersonName(full=NAME),)),
)


@pytest.fixture
def configured(monkeypatch):
    """Configure the logs as a service does, and give what tells the lines."""
    levels = {name: logging.getLogger(name).level for name in (None, "aiokafka")}

    def configure(**settings):
        monkeypatch.setattr(sys, "stderr", io.StringIO())
        monkeypatch.setattr(logging.root, "handlers", [])
        configure_logs(LogSettings(**settings), "router")
        written = sys.stderr
        return lambda: written.getvalue().splitlines()

    yield configure
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


@pytest.fixture
def told(configured):
    """Give the lines, each read as JSON."""
    lines = configured()
    return lambda: [json.loads(line) for line in lines()]


def test_a_line_is_json_with_event_level_time_service_and_the_keys_that_it_was_given(told):
    get_logger().warning("message rejected", place="in.a.b.v1/0/7", count=2, complete=False, field=None)
    (line,) = told()
    assert abs(dt.datetime.fromisoformat(line.pop("timestamp")) - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=5)
    assert line == {
        "event": "message rejected",
        "level": "warning",
        "service": "router",
        "place": "in.a.b.v1/0/7",
        "count": 2,
        "complete": False,
        "field": None,
    }


def test_every_key_that_is_known_is_told_as_it_was_given(told):
    given = dict.fromkeys(KEYS - {"event", "level", "timestamp"}, 1)
    get_logger().info("all", **given)
    (line,) = told()
    assert {key: line[key] for key in given} == given


@pytest.mark.parametrize(
    "key",
    sorted(
        {*PersonName.model_fields, *IdentityData.model_fields, *PersonV1.model_fields, *BorderCrossingV1.model_fields}
        - KEYS
        | {"name", "number", "mrz", "image", "template", "payload", "value", "body", "criteria", "birth_date", "text"}
        | {"detail", "document", "row", "person"}
    ),
)
def test_what_stands_under_any_other_key_is_left_out(told, key):
    get_logger().info("x", **{key: NAME, "record": "asylum:person:1"})
    (line,) = told()
    assert (line[key], line["record"]) == ("[left out]", "asylum:person:1")


@pytest.mark.parametrize("value", [ADA, (NAME,), NAME.encode(), dt.date(1990, 1, 1)])
def test_so_is_what_is_no_reference_under_the_key_of_one(told, value):
    get_logger().info("x", record=value)
    assert [line["record"] for line in told()] == ["[left out]"]


def test_so_is_what_was_bound_to_the_context_and_of_what_lies_deeper_the_class_is_told(told):
    with structlog.contextvars.bound_contextvars(family=NAME):
        get_logger().info("x", streams=[object()])
    (line,) = told()
    assert (line["family"], line["streams"]) == ("[left out]", ["object"])


def fail():
    raise KeyError(NAME)


@pytest.mark.parametrize("by", ["error", "current", "exception"])
def test_of_an_exception_class_and_place_are_told_and_neither_text_nor_stack(told, by):
    try:
        fail()
    except KeyError as error:
        if by == "exception":
            get_logger().exception("failed")
        else:
            get_logger().error("failed", exc_info=error if by == "error" else True)
    (line,) = told()
    assert (line["error"], line["at"]) == ("KeyError", f"{__name__}:{fail.__code__.co_firstlineno + 1}")
    assert set(line) == {"event", "level", "timestamp", "service", "error", "at"}


def test_an_exception_that_was_never_raised_has_no_place(told):
    get_logger().error("failed", exc_info=KeyError(NAME))
    (line,) = told()
    assert (line["error"], "at" in line, NAME in str(line)) == ("KeyError", False, False)


def test_where_there_is_no_exception_none_is_told(told):
    get_logger().error("failed", exc_info=True)
    (line,) = told()
    assert set(line) == {"event", "level", "timestamp", "service"}


@pytest.mark.parametrize(("level", "kept"), [("debug", 4), ("info", 3), ("warning", 2), ("error", 1)])
def test_lines_below_the_level_are_not_written(configured, level, kept):
    lines = configured(level=level)
    log = get_logger()
    for write in (log.debug, log.info, log.warning, log.error):
        write("x")
    assert len(lines()) == kept


def test_for_a_person_the_same_is_written_in_columns(configured):
    lines = configured(format="console")
    try:
        fail()
    except KeyError as error:
        get_logger().error("message failed", place="in.a.b.v1/0/7", name=NAME, exc_info=error)
    (line,) = lines()
    assert "message failed" in line
    assert "place=in.a.b.v1/0/7" in line
    assert "error=KeyError" in line
    assert "name='[left out]'" in line
    assert "Ada" not in line


def library_record(message, exc_info=None, stack_info=None):
    record = logging.LogRecord("asyncio", logging.ERROR, "f", 1, message, (), exc_info, sinfo=stack_info)
    return WithoutTraceback("%(levelname)s %(name)s %(message)s").format(record)


def test_of_a_librarys_exception_the_class_is_told_and_neither_text_nor_stack():
    error = KeyError(NAME)
    assert library_record("It failed", (KeyError, error, None)) == "ERROR asyncio It failed (KeyError)"
    assert library_record("It failed", (None, None, None)) == "ERROR asyncio It failed"
    assert library_record("It failed", stack_info=f"Stack of {NAME}") == "ERROR asyncio It failed"


def test_of_a_librarys_message_the_first_line_is_told_for_asyncio_writes_in_the_next_what_failed_with_its_text():
    said = f"Task exception was never retrieved\nfuture: <Task finished exception=KeyError('{NAME}')>"
    assert library_record(said) == "ERROR asyncio Task exception was never retrieved"


def test_libraries_are_told_of_from_errors_on_and_the_client_of_kafka_from_what_is_critical(configured):
    lines = configured()
    logging.getLogger("some.library").warning("not told")
    logging.getLogger("some.library").error("told")
    logging.getLogger("aiokafka.conn").error("not told")
    assert lines() == ["ERROR some.library told"]
