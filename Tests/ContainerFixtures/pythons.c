// pythons MODE ROUNDS HOME LIBRARY [HOME LIBRARY]…: CPythons in parallel, each in a thread of its
// own. MODE: dlopen, dlmopen or container. The script uses extension modules, threads and signals.
#include <coexist_container.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

static const char *mode;
static int rounds, failures;
static pthread_barrier_t started;

struct guest {
  const char *home, *library;
  coexist_container container;
  void *handle;
};

static int open_guest(struct guest *guest) {
  struct coexist_container_options options = {.library = guest->library, .flags = 1};
  char error[400] = "";
  if (strcmp(mode, "dlopen") == 0) guest->handle = dlopen(guest->library, RTLD_NOW | RTLD_GLOBAL);
  else if (strcmp(mode, "dlmopen") == 0)
    guest->handle = dlmopen(LM_ID_NEWLM, guest->library, RTLD_NOW);
  else if (coexist_container_open(&options, &guest->container, error, sizeof error) == 0)
    guest->handle = coexist_container_handle(guest->container);
  if (guest->handle == NULL) printf("%s: %s\n", guest->library, error);
  return guest->handle != NULL;
}

static const char script[] =
    "import sys, json, hashlib, ctypes, decimal, sqlite3, threading, math, ssl, zlib, socket\n"
    "assert sys.prefix == home, (sys.prefix, home)\n"
    "import _ssl; assert home in _ssl.__file__, _ssl.__file__\n"
    "decimal.getcontext().prec = 60\n"
    "for n in range(rounds):\n"
    "    assert str(decimal.Decimal(2).sqrt())[:12] == '1.4142135623'\n"
    "    assert hashlib.sha256(b'x' * n).hexdigest()\n"
    "    assert json.loads(json.dumps({'a': [n]})) == {'a': [n]}\n"
    "    assert ctypes.CDLL(None).strlen(b'hello') == 5\n"
    "    db = sqlite3.connect(':memory:')\n"
    "    assert db.execute('select ? + 1', (n,)).fetchone()[0] == n + 1\n"
    "    got = []\n"
    "    def work(): got.append(sum(i * i for i in range(2000)))\n"
    "    ts = [threading.Thread(target=work) for _ in range(3)]\n"
    "    [t.start() for t in ts]; [t.join() for t in ts]\n"
    "    assert got == [2664667000] * 3\n"
    "    assert zlib.decompress(zlib.compress(b'abc' * n)) == b'abc' * n\n"
    "    assert ssl.create_default_context()\n"
    "    assert 'é'.encode() == b'\\xc3\\xa9' and 'x'.isalpha() and float('1.5') == 1.5\n"
    "passed = 1\n";

static void *run(void *argument) {
  struct guest *guest = argument;
  if (!open_guest(guest)) return failures++, NULL;
#define F(type, name) ((type)dlsym(guest->handle, #name))
  static wchar_t homes[16][512];
  static int taken;
  wchar_t *home = homes[__atomic_fetch_add(&taken, 1, __ATOMIC_RELAXED)];
  mbstowcs(home, guest->home, 512);
  F(void (*)(const wchar_t *), Py_SetPythonHome)(home);
  F(void (*)(int), Py_InitializeEx)(0);
  pthread_barrier_wait(&started);
  char *text;
  if (asprintf(&text, "home = '%s'; rounds = %d\n%s", guest->home, rounds, script) < 0) exit(9);
  if (F(int (*)(const char *), PyRun_SimpleString)(text) != 0)
    printf("%s failed\n", guest->library), __atomic_fetch_add(&failures, 1, __ATOMIC_RELAXED);
  free(text);
  pthread_barrier_wait(&started);
  F(int (*)(void), Py_FinalizeEx)();
  return NULL;
}

int main(int count, char **words) {
  struct guest guests[8] = {0};
  pthread_t ids[8];
  int all = (count - 3) / 2;
  mode = words[1], rounds = atoi(words[2]);
  pthread_barrier_init(&started, NULL, (unsigned)all);
  for (int i = 0; i < all; i++) {
    guests[i] = (struct guest){.home = words[3 + 2 * i], .library = words[4 + 2 * i]};
    pthread_create(&ids[i], NULL, run, &guests[i]);
  }
  for (int i = 0; i < all; i++) pthread_join(ids[i], NULL);
  char error[400];
  for (int i = 0; i < all; i++)
    if (guests[i].container != 0 &&
        coexist_container_close(guests[i].container, error, sizeof error) != 0)
      printf("%s: %s\n", guests[i].library, error);
  if (failures == 0) puts("all passed");
  return failures != 0;
}
