// glog's failure signal handler: a reporter that takes every fault for a crash.
#include <glog/logging.h>

extern "C" void glog_start() {
    google::InitGoogleLogging("glog");
    google::InstallFailureSignalHandler();
}
