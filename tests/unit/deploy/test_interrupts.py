"""A command that is told to stop clears away what it made, as by Ctrl-C."""

import signal
import subprocess
import sys

import pytest

CODE = """
import signal
from deploy.interrupts import end_as_by_ctrl_c
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored by whom a shell starts in the background
end_as_by_ctrl_c()
try:
    print("made", flush=True)
    signal.pause()
finally:
    print("cleared away")
"""


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_what_was_made_is_cleared_away_however_it_ends(told):
    command = [sys.executable, "-c", CODE]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout.readline() == "made\n"
        process.send_signal(told)
        assert process.communicate(timeout=60)[0] == "cleared away\n"


def test_what_was_started_to_outlive_its_terminal_does():
    code = """
import signal
from deploy.interrupts import end_as_by_ctrl_c
end_as_by_ctrl_c()
signal.raise_signal(signal.SIGHUP)
print("lives on")
signal.raise_signal(signal.SIGTERM)
"""
    command = ["nohup", sys.executable, "-c", code]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=60)
    assert done.stdout == "lives on\n"
    assert "KeyboardInterrupt" in done.stderr
