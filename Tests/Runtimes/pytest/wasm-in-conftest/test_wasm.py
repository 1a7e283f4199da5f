"""WebAssembly traps while faulthandler's handler is on top."""

import driver


def test_unr(checks):
    assert driver.run("unr", checks["unr"])


def test_oob(checks):
    assert driver.run("oob", checks["oob"])


def test_div(checks):
    assert driver.run("div", checks["div"])


def test_so(checks):
    assert driver.run("so", checks["so"])
