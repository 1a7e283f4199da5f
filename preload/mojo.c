// Mojo's runtime for Mojo libraries in other hosts, and its async tasks: stackless coroutines,
// handed to a worker with the function that resumes them. Source: the imports of a program built by
// mojo 1.2.0, and std/runtime/_asyncrt.mojo.
#include "preload.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>

#include "start.h"

typedef void resume_function(void *coroutine);

static void resume(void *queued) {
  struct coexist_resumed task = coexist_core_task_begin(queued);
  if (task.resume != NULL) task.resume(task.handle);
  coexist_core_task_end(task);
}

static void *real(const char *name, void **known, void *ours) {
  void *found = __atomic_load_n(known, __ATOMIC_RELAXED);
  if (found != NULL) return found;
  found = (void *)coexist_object_defining(name, 0, (uint64_t)ours);
  __atomic_store_n(known, found, __ATOMIC_RELAXED);
  return found;
}

static int tasks_matter(void) { return coexist_ready() && coexist_core_tasks_matter(); }

// A Mojo program makes its runtime before main and each thread of it knows it; a Mojo library in
// another host finds none at its first task. What is there already is only found again.
static void make_runtime(void) {
  static void *known_current, *known_make;
  void *(*current)(void) =
      real("KGEN_CompilerRT_AsyncRT_GetCurrentCPUDevice", &known_current, NULL);
  if (!coexist_ready() || current == NULL || current() != NULL) return;
  void *(*make)(void) = real("KGEN_CompilerRT_AsyncRT_GetOrCreateCPUDevice", &known_make, NULL);
  if (make != NULL) make();
}

EXPORT int32_t KGEN_CompilerRT_AsyncRT_ParallelismLevel(void) {
  static void *known;
  int32_t (*next)(void) = real("KGEN_CompilerRT_AsyncRT_ParallelismLevel", &known,
                               (void *)KGEN_CompilerRT_AsyncRT_ParallelismLevel);
  make_runtime();
  return next();
}

// The first call that a new task makes.
EXPORT void KGEN_CompilerRT_AsyncRT_InitializeChain(void *chain) {
  static void *known;
  void (*next)(void *) = real("KGEN_CompilerRT_AsyncRT_InitializeChain", &known,
                              (void *)KGEN_CompilerRT_AsyncRT_InitializeChain);
  make_runtime();
  next(chain);
}

// The task begins, on a worker (or on the one of this number).
EXPORT void KGEN_CompilerRT_AsyncRT_Execute(resume_function *function, void *coroutine,
                                            int64_t worker) {
  static void *known;
  void (*next)(resume_function *, void *, int64_t) =
      real("KGEN_CompilerRT_AsyncRT_Execute", &known, (void *)KGEN_CompilerRT_AsyncRT_Execute);
  if (!tasks_matter()) __attribute__((musttail)) return next(function, coroutine, worker);
  void *queued = coexist_core_task_starts(coroutine, function, worker >= 0);
  next(queued != NULL ? resume : function, queued != NULL ? queued : coroutine, worker);
}

// The running task waits for a chain. Once this is called, another thread may resume it.
EXPORT void KGEN_CompilerRT_AsyncRT_AndThen(resume_function *function, void *chain,
                                            void *coroutine) {
  static void *known;
  void (*next)(resume_function *, void *, void *) =
      real("KGEN_CompilerRT_AsyncRT_AndThen", &known, (void *)KGEN_CompilerRT_AsyncRT_AndThen);
  if (!tasks_matter()) __attribute__((musttail)) return next(function, chain, coroutine);
  void *queued = coexist_core_task_suspends(coroutine, function, chain);
  next(queued != NULL ? resume : function, chain, queued != NULL ? queued : coroutine);
}

// ---- Waits of other runtimes' threads: all of the pool may wait for these threads in turn ----

// What a chain refers to begins with a count of references; the second word holds its state and its
// waiters. Source: KGEN_CompilerRT_AsyncRT_Wait of mojo 1.0.0 to 1.2.0.
static int is_complete(void *chain) {
  enum { COMPLETE = 6 };
  const uint64_t *value = *(const uint64_t *const *)chain;
  return (__atomic_load_n(&value[1], __ATOMIC_ACQUIRE) & COMPLETE) == COMPLETE;
}

void KGEN_CompilerRT_AsyncRT_Complete(void *chain);

// Does a chain of ours look as we believe?
static int can_look(void) {
  static int known;  // 1 = yes, 2 = no
  if (known == 0) {
    static void *known_make, *known_complete, *known_destroy;
    void (*make)(void *) = real("KGEN_CompilerRT_AsyncRT_InitializeChain", &known_make,
                                (void *)KGEN_CompilerRT_AsyncRT_InitializeChain);
    void (*complete)(void *) = real("KGEN_CompilerRT_AsyncRT_Complete", &known_complete,
                                    (void *)KGEN_CompilerRT_AsyncRT_Complete);
    void (*destroy)(void *) = real("KGEN_CompilerRT_AsyncRT_DestroyChain", &known_destroy, NULL);
    if (make == NULL || complete == NULL || destroy == NULL) return 0;
    void *chain = NULL;
    make_runtime();
    make(&chain);
    int before = is_complete(&chain);
    complete(&chain);
    known = !before && is_complete(&chain) ? 1 : 2;
    destroy(&chain);
  }
  return known == 1;
}

// Runs what no thread of the pool can begin.
static void *run_overdue(void *code) {
  (void)code;
  struct coexist_resumed task;
  while (coexist_core_task_take(&task)) {
    task.resume(task.handle);
    coexist_core_task_end(task);
  }
  return NULL;
}

static uint32_t completions, waiters;
enum { FEW = 3, MANY = INT32_MAX };  // steps in which nobody has moved

// A task that ran on a thread of ours tells its end by the pool's queue, where nobody may look for
// it; so these waits do not rely on it.
static int passes(void *chain, void *code, unsigned steps) {
  const struct timespec step = {.tv_nsec = COEXIST_TASK_STEP_NS};
  __atomic_fetch_add(&waiters, 1, __ATOMIC_SEQ_CST);
  int complete = 0;
  while (steps > 0) {
    uint32_t seen = __atomic_load_n(&completions, __ATOMIC_SEQ_CST);
    complete = is_complete(chain);
    if (complete) break;
    if (coexist_real.syscall(SYS_futex, &completions, FUTEX_WAIT_PRIVATE, seen, &step) == 0 ||
        errno != ETIMEDOUT)
      continue;
    for (int missing = coexist_core_tasks_missing(is_complete); missing > 0; missing--)
      if (coexist_add_thread(run_overdue, code, code) != 0) coexist_core_task_thread_failed();
    steps = coexist_core_tasks_still() ? steps - 1 : FEW;
  }
  __atomic_fetch_sub(&waiters, 1, __ATOMIC_SEQ_CST);
  return complete;
}

static void waits(void *chain, void *code) {
  while (!passes(chain, code, MANY)) {}
}

EXPORT void KGEN_CompilerRT_AsyncRT_Complete(void *chain) {
  static void *known;
  void (*next)(void *) =
      real("KGEN_CompilerRT_AsyncRT_Complete", &known, (void *)KGEN_CompilerRT_AsyncRT_Complete);
  next(chain);
  if (__atomic_load_n(&waiters, __ATOMIC_SEQ_CST) == 0) return;
  __atomic_fetch_add(&completions, 1, __ATOMIC_SEQ_CST);
  coexist_real.syscall(SYS_futex, &completions, FUTEX_WAKE_PRIVATE, INT32_MAX);
}

EXPORT void KGEN_CompilerRT_AsyncRT_Wait(void *chain) {
  static void *known;
  void (*next)(void *) =
      real("KGEN_CompilerRT_AsyncRT_Wait", &known, (void *)KGEN_CompilerRT_AsyncRT_Wait);
  if (tasks_matter() && can_look() && coexist_core_task_wait_begin((uint64_t)next)) {
    if (!passes(chain, (void *)next, FEW) && !coexist_lean_wait(waits, chain, (void *)next))
      waits(chain, (void *)next);
    coexist_core_task_wait_end();
  }
  next(chain);
}
