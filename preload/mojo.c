// Mojo's runtime for Mojo libraries in other hosts, and its async tasks: stackless coroutines,
// handed to a worker with the function that resumes them. Source: the imports of a program built by
// mojo 1.2.0, and std/runtime/_asyncrt.mojo.
#include "preload.h"

typedef void resume_function(void *coroutine);

static void resume(void *coroutine) {
  struct coexist_resumed task = coexist_core_task_begin(coroutine);
  if (task.resume != NULL) task.resume(coroutine);
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
  coexist_core_task_starts(coroutine, function);
  next(resume, coroutine, worker);
}

// The running task waits for a chain. Once this is called, another thread may resume it.
EXPORT void KGEN_CompilerRT_AsyncRT_AndThen(resume_function *function, void *chain,
                                            void *coroutine) {
  static void *known;
  void (*next)(resume_function *, void *, void *) =
      real("KGEN_CompilerRT_AsyncRT_AndThen", &known, (void *)KGEN_CompilerRT_AsyncRT_AndThen);
  if (!tasks_matter()) __attribute__((musttail)) return next(function, chain, coroutine);
  coexist_core_task_suspends(coroutine, function);
  next(resume, chain, coroutine);
}
