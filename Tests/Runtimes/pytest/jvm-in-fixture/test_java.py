"""Java faults; the daemon thread's come after pytest is done."""

import driver


def test_npe(checks):
    assert driver.run("npe", checks["npe"])


def test_gc(checks):
    assert driver.run("gc", checks["gc"])
