"""glog's failure signal handler."""

import ctypes

from paths import built


def load(_):
    ctypes.CDLL(str(built("glog", "libglogstart.so"))).glog_start()
    return {}
