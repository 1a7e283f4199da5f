"""CPython's faulthandler: a reporter that takes every fault for a crash."""

import faulthandler
import sys


def load(variant):
    if variant == "enable":
        faulthandler.enable(file=sys.__stderr__)
    else:
        faulthandler.disable()
    return {}
