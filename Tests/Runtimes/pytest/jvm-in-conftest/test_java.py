"""Java faults while faulthandler's handler is on top."""

import driver


def test_npe(checks):
    assert driver.run("npe", checks["npe"])


def test_div(checks):
    assert driver.run("div", checks["div"])


def test_so(checks):
    assert driver.run("so", checks["so"])


def test_gc(checks):
    assert driver.run("gc", checks["gc"])
