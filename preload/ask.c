// Signals that the kernel sends because somebody asked it to: of a descriptor, a message queue, a
// parent's death. Who asked gets them, by what their siginfo says (core: Signals/Causes).
#include "preload.h"

#include <fcntl.h>
#include <mqueue.h>
#include <stdarg.h>
#include <sys/prctl.h>
#include <unistd.h>

// The parent's process id and the signal: enum coexist_cause.
static int32_t parents_death(int signal) { return getppid() << 7 | signal; }

static int descriptor(int fd, int command, long argument, uint64_t caller) {
  if (UNLIKELY(coexist_real.fcntl == 0)) coexist_resolve();
  int number = (int)argument;
  if (command == F_SETSIG && coexist_number_to_ask(&number, caller)) argument = number;
  int result = coexist_real.fcntl(fd, command, argument);
  if (command == F_GETSIG && result > 0) return coexist_number(result, caller);
  if (result == -1 || (command != F_SETSIG && command != F_SETOWN && command != F_SETOWN_EX))
    return result;
  if (!coexist_ready()) return result;
  if (command == F_SETSIG) coexist_core_asked(COEXIST_CAUSE_DESCRIPTOR, fd, caller);
  else coexist_core_asked(COEXIST_CAUSE_INPUT, 0, caller);
  return result;
}
// The third argument is an int, a pointer, or not there: a register, in any case.
EXPORT int fcntl(int fd, int command, ...) {
  va_list list;
  va_start(list, command);
  long argument = va_arg(list, long);
  va_end(list);
  return descriptor(fd, command, argument, CALLER);
}
EXPORT int fcntl64(int fd, int command, ...) {
  va_list list;
  va_start(list, command);
  long argument = va_arg(list, long);
  va_end(list);
  return descriptor(fd, command, argument, CALLER);
}

EXPORT int mq_notify(mqd_t queue, const struct sigevent *event) {
  int active = coexist_ready();
  struct sigevent renumbered;
  if (active && event != NULL && event->sigev_notify == SIGEV_SIGNAL) {
    renumbered = *event;
    if (coexist_number_to_ask(&renumbered.sigev_signo, CALLER)) event = &renumbered;
  }
  int result = coexist_real.mq_notify(queue, event);
  if (active && result == 0 && event != NULL && event->sigev_notify == SIGEV_SIGNAL)
    coexist_core_asked(COEXIST_CAUSE_QUEUE, event->sigev_signo, CALLER);
  return result;
}

EXPORT int prctl(int option, ...) {
  unsigned long a[4];
  va_list list;
  va_start(list, option);
  for (int i = 0; i < 4; i++) a[i] = va_arg(list, unsigned long);
  va_end(list);
  if (UNLIKELY(coexist_real.prctl == 0)) coexist_resolve();
  int number = (int)a[0];
  if (option == PR_SET_PDEATHSIG && coexist_number_to_ask(&number, CALLER))
    a[0] = (unsigned long)number;
  int result = coexist_real.prctl(option, a[0], a[1], a[2], a[3]);
  if (option == PR_GET_PDEATHSIG && result == 0)
    *(int *)a[0] = coexist_number(*(int *)a[0], CALLER);
  if (option == PR_SET_PDEATHSIG && result == 0 && coexist_ready())
    coexist_core_asked(COEXIST_CAUSE_PARENT, parents_death((int)a[0]), CALLER);
  if (option == PR_SET_PTRACER && result == 0) coexist_trace_named(a[0]);
  return result;
}
