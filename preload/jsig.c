// The names that HotSpot looks for (libjsig's interface): with them it asks for the action below
// its own at each event instead of remembering one. Source: openjdk signals_posix.cpp,
// libjsig/jsig.c.
#include "preload.h"

EXPORT void JVM_begin_signal_setting(void) {}
EXPORT void JVM_end_signal_setting(void) {}
EXPORT struct sigaction *JVM_get_signal_action(int signal) {
  return coexist_ready() ? coexist_core_jvm_previous(signal) : NULL;
}

static void called(int signal, siginfo_t *info, void *ucontext) {
  (void)signal, (void)info;
  coexist_core_called_previous(ucontext);
}
static struct sigaction previous = {.sa_sigaction = called, .sa_flags = SA_SIGINFO};
struct sigaction *coexist_jvm_previous_action(void) COEXIST_SIGSAFE { return &previous; }
