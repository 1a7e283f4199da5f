// Policy "proxy": coexist_call runs on an OS thread of the context's own, so that also initial-exec
// code finds its context's variables, at addresses that never change. For a fork's child the thread
// is gone, and the next call makes another.
#include "proxy.h"

#include <ccoexist/registers.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { IDLE, WORK, DONE, END };

// Lies on the stack of its own thread.
struct coexist_proxy {
  uint32_t turn;  // (atomic) what it does next
  int32_t process;
  pthread_t id;
  struct coexist_context *context;
  void *(*function)(void *);
  void *argument, *value;
  int error;
};
struct beginning {
  uint32_t begun;  // (atomic)
  struct coexist_proxy *proxy;
  struct coexist_context *context;
};

static void wake(uint32_t *word) {
  coexist_syscall4(SYS_futex, (long)word, FUTEX_WAKE_PRIVATE, 1, 0);
}
static void pass(uint32_t *word, uint32_t value) {
  __atomic_store_n(word, value, __ATOMIC_RELEASE);
  wake(word);
}
static uint32_t wait_while(uint32_t *word, uint32_t value) {
  uint32_t now;
  while ((now = __atomic_load_n(word, __ATOMIC_ACQUIRE)) == value)
    coexist_syscall4(SYS_futex, (long)word, FUTEX_WAIT_PRIVATE, value, 0);
  return now;
}

static void *serve(void *argument) {
  struct beginning *beginning = argument;
  struct coexist_proxy self = {.process = getpid(), .context = beginning->context};
  beginning->proxy = &self;
  pass(&beginning->begun, 1);
  for (;;) {
    uint32_t turn = wait_while(&self.turn, IDLE);
    if (turn == END) return NULL;
    if (turn == WORK) {
      self.error = coexist_core_context_enter(self.context);
      if (self.error == 0) {
        self.value = self.function(self.argument);
        coexist_core_context_leave(self.context);
      }
      pass(&self.turn, DONE);
    }
    wait_while(&self.turn, DONE);
  }
}

// Signals of the program are for its own threads.
static struct coexist_proxy *begin(struct coexist_context *context, size_t stack_size) {
  enum { LEAST = 65536, PAGE = 4096 };
  struct beginning beginning = {.context = context};
  sigset_t all, before;
  sigfillset(&all);
  sigdelset(&all, SIGSEGV), sigdelset(&all, SIGBUS), sigdelset(&all, SIGFPE);
  sigdelset(&all, SIGILL), sigdelset(&all, SIGTRAP), sigdelset(&all, SIGABRT);
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) != 0) return NULL;
  size_t size = (stack_size < LEAST ? LEAST : stack_size + PAGE - 1) & ~(size_t)(PAGE - 1);
  pthread_attr_setstacksize(&attributes, size + LEAST);
  coexist_real.pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_t id;
  int error = pthread_create(&id, &attributes, serve, &beginning);
  coexist_real.pthread_sigmask(SIG_SETMASK, &before, NULL);
  pthread_attr_destroy(&attributes);
  if (error != 0) return NULL;
  wait_while(&beginning.begun, 0);
  beginning.proxy->id = id;
  return beginning.proxy;
}

static int lives(const struct coexist_proxy *proxy) {
  return proxy != NULL && proxy->process == getpid();
}

int coexist_proxy_call(struct coexist_context *context, size_t stack_size,
                       void *(*function)(void *), void *argument, void **value) {
  struct coexist_proxy *proxy = __atomic_load_n(&context->proxy, __ATOMIC_ACQUIRE);
  if (!lives(proxy)) {
    struct coexist_proxy *none = proxy, *made = begin(context, stack_size);
    if (made == NULL) return ENOMEM;
    proxy = made;
    if (!__atomic_compare_exchange_n(&context->proxy, &none, made, 0, __ATOMIC_ACQ_REL,
                                     __ATOMIC_ACQUIRE)) {
      pass(&made->turn, END);
      pthread_detach(made->id);
      proxy = none;
    }
  }
  uint32_t idle = IDLE;
  // The place is taken before the work is described: WORK is announced by `pass`.
  if (!__atomic_compare_exchange_n(&proxy->turn, &idle, DONE, 0, __ATOMIC_ACQ_REL,
                                   __ATOMIC_ACQUIRE))
    return EBUSY;
  proxy->function = function, proxy->argument = argument;
  pass(&proxy->turn, WORK);
  wait_while(&proxy->turn, WORK);
  int error = proxy->error;
  *value = proxy->value;
  pass(&proxy->turn, IDLE);
  return error;
}

// What guests left on the thread ends with it.
void coexist_proxy_end(struct coexist_proxy *proxy) {
  if (!lives(proxy)) return;
  pthread_t id = proxy->id;
  pass(&proxy->turn, END);
  pthread_join(id, NULL);
}
