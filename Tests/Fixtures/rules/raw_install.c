// Somebody installs by the raw system call, past every interposer: after the next dlopen coexist is
// in front again, and the newcomer is one party among the others; also when it hands on to us.
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
// library: delta = guests/guest.c
// plugin: value = guests/value.c
#include <dlfcn.h>
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"
#include "support/kernel.h"

int main(void) {
  struct guest *a = alpha(), *b = beta(), *d = delta();
  a->install(SIGSEGV, SA_SIGINFO);
  b->install(SIGSEGV, SA_SIGINFO);
  void *entry = kernel_action(SIGSEGV).handler;
  CHECK(entry != a->handler && entry != b->handler);
  struct kernel_action raw = kernel_action(SIGSEGV);
  raw.handler = d->handler, raw.flags = SA_SIGINFO | 0x04000000;
  raw.restorer = a->query(SIGSEGV).sa_restorer, raw.mask = 0;
  kernel_install(SIGSEGV, raw);
  CHECK(dlopen("libvalue.so", RTLD_NOW) != 0);
  CHECK_EQ(kernel_action(SIGSEGV).handler, entry);
  a->poke(NOWHERE);
  b->poke(NOWHERE);
  d->poke(NOWHERE);
  CHECK_EQ(a->asked, 1);
  CHECK_EQ(b->asked, 1);
  CHECK_EQ(d->asked, 1);
  CHECK_EQ(d->query(SIGSEGV).sa_sigaction, d->handler);
  // It takes what the kernel told it, which is coexist's entry, for the handler below its own.
  d->found.sa_sigaction = (void (*)(int, siginfo_t *, void *))entry;
  d->answer = CALL_OLD;
  poke(NOWHERE);
  CHECK_EQ(d->asked, 2);
  CHECK_EQ(b->asked, 2);
}
