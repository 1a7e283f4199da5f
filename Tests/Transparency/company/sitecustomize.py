"""Brings the company into each CPython that reads PYTHONPATH, once its signals are set up."""

import _ctypes
import os

_ctypes.dlopen(os.environ["COMPANY"], os.RTLD_NOW)
