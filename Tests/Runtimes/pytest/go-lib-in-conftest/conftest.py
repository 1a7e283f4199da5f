"""Loads the Go library at import, before pytest enables faulthandler."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import driver

CHECKS = driver.load("go127")


@pytest.fixture
def checks():
    return CHECKS
