"""Signals that end a program: the first in order, more of them in vain."""

import signal
import subprocess
import sys

import pytest

from tests.cortex.commands.typed import ROOT

WORK = """
import os, signal, sys, time, weakref
from cortex import interrupts

def come(*numbers):
    for number in numbers:
        os.kill(os.getpid(), number)

interrupts.listen()
try:
    try:
        {work}
    finally:
        interrupts.settle()
        come(signal.SIGTERM, signal.SIGINT)
        print("orderly", flush=True)
except KeyboardInterrupt:
    sys.exit(interrupts.code())
"""


def end(work: str, before: str = "") -> tuple[int, str, str]:
    done = subprocess.run(
        ["bash", "-c", f'{before}exec "$0" -c "$1"', sys.executable, WORK.format(work=work)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=20,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.usefixtures("hang_ups")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_the_first_signal_tells_the_code_and_more_do_not_disturb(name: str) -> None:
    assert end(f"come(signal.{name}, signal.SIGTERM, signal.SIGTERM)") == (128 + getattr(signal, name), "orderly\n", "")


def test_what_the_caller_ignores_is_ignored() -> None:
    assert end("come(signal.SIGHUP, signal.SIGINT)", "trap '' HUP INT; ") == (0, "orderly\n", "")


def test_a_signal_in_a_callback_that_swallows_errors_comes_again() -> None:
    work = "thing = set(); kept = weakref.finalize(thing, come, signal.SIGTERM); weak = weakref.ref(thing, "
    work += "lambda _: come(signal.SIGTERM)); kept.detach(); del thing; time.sleep(10)"
    assert end(work) == (143, "orderly\n", "")


def test_a_program_that_does_not_end_is_ended_by_a_later_signal() -> None:
    work = "interrupts.GRACE = 0; come(signal.SIGTERM)\n    except KeyboardInterrupt:\n        "
    work += "come(signal.SIGTERM); print('stuck')"
    code, out, err = end(work)
    assert (code, err) == (-signal.SIGTERM, "")
    assert "stuck" not in out
