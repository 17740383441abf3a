"""Waits for what a server does by itself."""
import time

PATIENCE = 30


def eventually(condition, what):
    """The first value of `condition()` that is true; fails if none comes in time."""
    deadline = time.monotonic() + PATIENCE
    while not (value := condition()):
        assert time.monotonic() < deadline, f"waited {PATIENCE} s for {what}"
        time.sleep(0.05)
    return value


def sleep_until(moment):
    """Sleeps until the wall clock, which the server shares, has passed `moment` (unix seconds)."""
    while (rest := moment - time.time()) > 0:
        time.sleep(rest)
