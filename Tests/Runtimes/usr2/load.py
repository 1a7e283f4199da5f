"""An application's handler of SIGUSR2, a number that HotSpot uses for its own."""

import os
import signal
import time


def load(_):
    calls = 0

    def count(*_):
        nonlocal calls
        calls += 1

    signal.signal(signal.SIGUSR2, count)

    def exact():
        """The handler has run for nobody else's signal, and runs once for each of ours."""
        assert calls == 0, f"{calls} calls that nobody asked for"
        for sent in range(1, 6):
            os.kill(os.getpid(), signal.SIGUSR2)
            limit = time.monotonic() + 1
            while calls < sent and time.monotonic() < limit:
                time.sleep(0.01)
            assert calls == sent, f"{calls} calls after {sent} signals"

    return {"exact": exact}
