// Fault signals that somebody sends have no owner: the last installer is asked first, and may
// decline; the next one gets the original siginfo.
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
#include <sys/wait.h>
#include "guests/guest.h"
#include "support/check.h"

int main(void) {
  struct guest *a = alpha(), *b = beta();
  int signals[] = {SIGTRAP, SIGABRT};  // CLAIM of these changes nothing
  for (int n = 0; n < 2; n++) {
    int number = signals[n];
    for (int how = RESET; how < CALL_OLD; how++) {
      a->remove(number), b->remove(number);
      a->install(number, SA_SIGINFO);
      b->install(number, SA_SIGINFO);
      a->asked = b->asked = 0;
      b->answer = CLAIM;
      raise(number);
      CHECK_EQ(b->asked, 1);
      CHECK_EQ(a->asked, 0);
      b->answer = how;
      sigqueue(getpid(), number, (union sigval){.sival_int = 42});
      CHECK_EQ(b->asked, 2);
      CHECK_EQ(a->asked, 1);
      CHECK_EQ(a->info.si_code, SI_QUEUE);
      CHECK_EQ(a->info.si_value.sival_int, 42);
      pid_t child = fork();
      if (child == 0) _exit(kill(getppid(), number));
      CHECK_EQ(waitpid(child, 0, 0), child);
      while (a->asked < 2) usleep(100);
      CHECK_EQ(a->info.si_code, SI_USER);
      CHECK_EQ(a->info.si_pid, child);
      CHECK_EQ(b->query(number).sa_sigaction, b->handler);
    }
  }
}
