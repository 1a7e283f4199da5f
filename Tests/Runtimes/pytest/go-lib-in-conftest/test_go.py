"""Go panics while faulthandler's handler is on top."""

import driver


def test_nil(checks):
    assert driver.run("nil", checks["nil"])


def test_nilg(checks):
    assert driver.run("nilg", checks["nilg"])
