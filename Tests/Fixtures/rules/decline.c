// Each way of saying "not mine" (signals.md 1d): the next one gets the original registers and
// siginfo, and the decliner's handler stays installed and is asked again. With SA_NODEFER a raise
// inside the handler would come at once, without it on return.
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
// run: return plain
// run: return nodefer
// run: return onstack
// run: reset plain
// run: reset nodefer
// run: reset onstack
// run: previous plain
// run: previous nodefer
// run: previous onstack
// run: by_signal plain
// run: by_signal nodefer
// run: by_signal onstack
// run: raise plain
// run: raise nodefer
// run: raise onstack
// run: pthread_kill plain
// run: pthread_kill nodefer
// run: pthread_kill onstack
// run: tgkill plain
// run: tgkill nodefer
// run: tgkill onstack
// run: kill plain
// run: kill nodefer
// run: kill onstack
// run: requeue plain
// run: requeue nodefer
// run: requeue onstack
// run: call_old plain
// run: call_old nodefer
// run: call_old onstack
#include "guests/guest.h"
#include "support/kernel.h"
#include "support/registers.h"

int main(int count, char **arguments) {
  CHECK_EQ(count, 3);
  struct guest *a = alpha(), *b = beta();
  a->install(SIGSEGV, SA_SIGINFO);
  int flags = *arguments[2] == 'n' ? SA_NODEFER : *arguments[2] == 'o' ? SA_ONSTACK : 0;
  b->answer = answer_named(arguments[1]);
  b->install(SIGSEGV, SA_SIGINFO | flags);
  for (int n = 1; n <= 50; n++) {
    int before = b->asked;
    CHECK_EQ(fault_with_patterns(NOWHERE), 0);
    CHECK_EQ(a->asked, n);
    CHECK(b->asked - before >= 1 && b->asked - before <= (b->answer == RETURN ? 4 : 1));
    CHECK(b->sequence < a->sequence);
    check_patterns(&a->context);
    check_patterns(&b->context);
    CHECK_EQ(REGISTER(&a->context, RIP), REGISTER(&b->context, RIP));
    CHECK_EQ(REGISTER(&a->context, RSP), REGISTER(&b->context, RSP));
    CHECK_EQ(REGISTER(&a->context, TRAPNO), 14);
    CHECK_EQ(REGISTER(&a->context, ERR), 6);
    CHECK_EQ(REGISTER(&a->context, CR2), NOWHERE);
    CHECK_EQ(a->info.si_code, SEGV_MAPERR);
    CHECK_EQ(a->info.si_addr, NOWHERE);
    CHECK_EQ(word_of(&a->context.uc_sigmask), 0);
    CHECK_EQ(b->query(SIGSEGV).sa_sigaction, b->handler);
    CHECK_EQ((unsigned)b->query(SIGSEGV).sa_flags, SA_SIGINFO | flags | 0x04000000);
    CHECK_EQ(a->query(SIGSEGV).sa_sigaction, a->handler);
    CHECK_EQ(kernel_mask(), 0);
    CHECK_EQ(status_mask("SigPnd:") | status_mask("ShdPnd:"), 0);
    b->poke(NOWHERE);  // its own instruction: asked first, and it does the same
    CHECK_EQ(a->asked, n + 1);
    a->asked = n;
  }
}
