"""What `isthmus up` says when it is ready can be read and copied on a narrow terminal."""

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from deploy.cli_up import ready_lines, ready_table
from deploy.local.addresses import PORT_NAMES, Addresses, External
from deploy.local.home import Home


class Running:
    """A stack that is up."""

    home = Home(Path("/var/lib/isthmus/0a1b2c3d4e-a-rather-long-name-of-a-stack"))

    def __init__(self, addresses):
        self.addresses = addresses

    def pids(self):
        return dict.fromkeys(("search", "biometrics", "ledger", "kafka", "router", "projector", "adapter-asylum"), 1)


def told(stack):
    out = StringIO()
    Console(file=out, width=80).print(ready_table(stack))
    return out.getvalue()


PORTS = dict.fromkeys(PORT_NAMES, 31_234)


def test_at_eighty_columns_each_address_is_whole_and_in_one_line():
    lines = told(Running(Addresses(PORTS))).splitlines()
    assert sum("http://127.0.0.1:31234" in line for line in lines) == 4
    assert sum("  127.0.0.1:31234" in line for line in lines) == 2
    assert len(lines) == 2 + 6  # nothing goes on in a second line


@pytest.mark.parametrize("address", ["https://elasticsearch.of-the-ministry-of-the-interior.test:9200/behind/a/proxy"])
def test_a_long_address_goes_on_in_the_next_line_and_is_not_cut(address):
    text = told(Running(Addresses(PORTS, elasticsearch=External(address))))
    assert "…" not in text
    assert address in "".join(line[15:].split("  ")[0].strip() for line in text.splitlines())


def test_the_folder_of_the_logs_and_other_processes_have_lines_of_their_own():
    stack = Running(Addresses(PORTS))
    assert ready_lines(stack) == ["Also running: adapter-asylum, projector, router", f"Logs: {stack.home.logs}"]
