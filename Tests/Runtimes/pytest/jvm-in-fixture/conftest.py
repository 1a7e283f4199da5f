"""Starts the JVM in a fixture, after pytest enabled faulthandler and before it disables it."""

import atexit
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import driver


@pytest.fixture(scope="session")
def checks():
    checks = driver.load("jvm17")
    checks["daemon"]()
    # The daemon thread goes on faulting after faulthandler is disabled and before the JVM ends.
    atexit.register(time.sleep, 0.5)
    return checks
