// hops HOME: interpreters of CPython, each with a GIL of its own, that stay attached (their thread
// state is current) while they are carried from OS thread to OS thread. An interpreter that finds
// another one's thread state, or none, gives a wrong answer or dies.
// Exit status: 0 all hops went well, 1 not so, 4 too few of them changed the thread.
#include <coexist.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <Python.h>

enum { INTERPRETERS = 3, THREADS = 4, HOPS = 1600, LEAST_MOVED = 100 };
static struct interpreter {
  coexist_context_t context;
  PyThreadState *thread;
  int number, last;
  long steps;
} all[INTERPRETERS];
static struct interpreter *waiting[INTERPRETERS];
static int waiting_count;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_int hops, moved, wrong;

static const char begin[] =
    "import json, threading\n"
    "state = {'steps': 0, 'who': %d}\n"
    "def step():\n"
    "    state['steps'] += 1\n"
    "    text = json.dumps([state, list(range(50))])\n"
    "    try:\n"
    "        {}['none']\n"
    "    except KeyError:\n"
    "        return json.loads(text)[0]['who'] * 1000000 + state['steps']\n";

static int run(struct interpreter *interpreter) {
  PyObject *main = PyImport_AddModule("__main__");
  if (main == NULL) return 0;
  PyObject *result = PyObject_CallMethod(main, "step", NULL);
  if (result == NULL) return PyErr_Print(), 0;
  long value = PyLong_AsLong(result);
  Py_DECREF(result);
  interpreter->steps++;
  return value == interpreter->number * 1000000L + interpreter->steps;
}

static void *carry(void *unused) {
  for (;;) {
    pthread_mutex_lock(&lock);
    struct interpreter *mine = waiting_count > 0 ? waiting[0] : NULL;
    if (mine != NULL) memmove(waiting, waiting + 1, --waiting_count * sizeof *waiting);
    pthread_mutex_unlock(&lock);
    if (hops >= HOPS) return unused;
    if (mine == NULL) {
      usleep(50);
      continue;
    }
    coexist_enter(mine->context);
    if (_PyThreadState_UncheckedGet() != mine->thread || !run(mine)) wrong++;
    coexist_leave(mine->context);
    hops++;
    if (mine->last != 0 && mine->last != gettid()) moved++;
    mine->last = gettid();
    pthread_mutex_lock(&lock);
    waiting[waiting_count++] = mine;
    pthread_mutex_unlock(&lock);
    if (hops % 7 == 0) sched_yield();
  }
}

static void start(int number) {
  struct interpreter *mine = &all[number - 1];
  mine->number = number;
  mine->context = coexist_create();
  PyThreadState *before = PyEval_SaveThread();
  coexist_enter(mine->context);
  PyEval_RestoreThread(before);
  PyInterpreterConfig config = {
      .check_multi_interp_extensions = 1, .allow_threads = 1, .gil = PyInterpreterConfig_OWN_GIL};
  PyStatus status = Py_NewInterpreterFromConfig(&mine->thread, &config);
  if (PyStatus_Exception(status)) printf("%s\n", status.err_msg), exit(2);
  char text[1024];
  snprintf(text, sizeof text, begin, number);
  if (PyRun_SimpleString(text) != 0) exit(2);
  coexist_leave(mine->context);  // and stays attached
  // The new interpreter's thread took this one's place; bare, it would still stand there.
  if (coexist_present()) PyEval_RestoreThread(before);
  waiting[waiting_count++] = mine;
}

int main(int count, char **words) {
  if (count < 2) return 2;
  setvbuf(stdout, NULL, _IOLBF, 0);
  static wchar_t home[512];
  mbstowcs(home, words[1], 511);
  PyConfig config;
  PyConfig_InitIsolatedConfig(&config);
  PyConfig_SetString(&config, &config.home, home);
  if (PyStatus_Exception(Py_InitializeFromConfig(&config))) return 2;
  for (int number = 1; number <= INTERPRETERS; number++) start(number);
  pthread_t ids[THREADS];
  PyThreadState *before = PyEval_SaveThread();
  for (int i = 0; i < THREADS; i++) pthread_create(&ids[i], NULL, carry, NULL);
  for (int i = 0; i < THREADS; i++) pthread_join(ids[i], NULL);
  for (int i = 0; i < INTERPRETERS; i++) {
    coexist_enter(all[i].context);
    Py_EndInterpreter(all[i].thread);
    coexist_leave(all[i].context);
    if (coexist_destroy(all[i].context) != 0) wrong++;
  }
  PyEval_RestoreThread(before);
  if (Py_FinalizeEx() != 0) wrong++;
  printf("%d wrong, %d hops, %d moved\n", wrong, hops, moved);
  return moved < LEAST_MOVED ? 4 : wrong != 0;
}
