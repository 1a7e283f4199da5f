// Two parties: the kernel holds coexist's entry, each library reads back its own action bit-exact;
// one left: the kernel holds exactly its action again; none: SIG_DFL.
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
#include <dlfcn.h>
#include "guests/guest.h"
#include "support/check.h"
#include "support/kernel.h"

static void check_own(struct guest *guest, int number, int flags, void *restorer) {
  struct sigaction now = guest->query(number);
  CHECK_EQ(now.sa_sigaction, guest->handler);
  CHECK_EQ((unsigned)now.sa_flags, (unsigned)(flags | 0x04000000));
  CHECK_EQ(word_of(&now.sa_mask), 0);
  CHECK_EQ(now.sa_restorer, restorer);
}

static void *base_of(void *function) {
  Dl_info info;
  return dladdr(function, &info) ? info.dli_fbase : 0;
}

int main(void) {
  struct guest *a = alpha(), *b = beta();
  int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT};
  for (int n = 0; n < 6; n++) {
    int number = signals[n];
    a->install(number, SA_SIGINFO | SA_RESTART);
    struct kernel_action one = kernel_action(number);
    CHECK_EQ(one.handler, a->handler);
    b->install(number, SA_SIGINFO | SA_ONSTACK | SA_NODEFER);
    Dl_info info;
    struct kernel_action two = kernel_action(number);
    CHECK(dladdr(two.handler, &info));
    CHECK(base_of(a->handler) != info.dli_fbase && base_of(b->handler) != info.dli_fbase);
    CHECK(base_of(check_own) != info.dli_fbase);
    CHECK(two.flags & SA_SIGINFO);
    CHECK(status_mask("SigCgt:") & BIT(number));
    check_own(a, number, SA_SIGINFO | SA_RESTART, one.restorer);
    check_own(b, number, SA_SIGINFO | SA_ONSTACK | SA_NODEFER, one.restorer);
    struct sigaction mine;
    CHECK_EQ(sigaction(number, 0, &mine), 0);  // the program itself asked for nothing
    CHECK_EQ(mine.sa_handler, SIG_DFL);
    CHECK_EQ(mine.sa_flags, 0);

    a->restore(number);
    CHECK_EQ(a->query(number).sa_handler, SIG_DFL);
    struct kernel_action left = kernel_action(number);
    CHECK_EQ(left.handler, b->handler);
    CHECK_EQ((unsigned)left.flags, SA_SIGINFO | SA_ONSTACK | SA_NODEFER | 0x04000000);
    b->restore(number);
    CHECK_EQ(kernel_action(number).handler, SIG_DFL);
    CHECK(!(status_mask("SigCgt:") & BIT(number)));
  }
}
