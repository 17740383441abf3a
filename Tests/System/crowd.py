"""Many clients at once."""
import threading
import time

from client import Client, Refused

PATIENCE = 120


def together(server, count, work, region="ap-guangzhou"):
    """Runs `work(client, index)` on `count` threads that begin at the same moment; returns the results in order.

    A refusal counts as a result: its code. Whatever else goes wrong is raised here.
    """
    results, failures = [None] * count, []
    start = threading.Barrier(count)

    def run(index):
        client = Client(server, region)
        try:
            client("GetRegions")
            start.wait(PATIENCE)
            results[index] = work(client, index)
        except Refused as refused:
            results[index] = refused.code
        except BaseException as failure:
            failures.append(failure)
            start.abort()
        finally:
            client.close()

    threads = [threading.Thread(target=run, args=(index,), daemon=True) for index in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive(), "a client was not served"
    if failures:
        raise failures[0]
    return results


def turns(seconds):
    """Counts up until the time is over, and not fewer than one turn."""
    deadline, turn = time.monotonic() + seconds, 0
    while turn == 0 or time.monotonic() < deadline:
        yield turn
        turn += 1
