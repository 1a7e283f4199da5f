// pythons HOME LIBRARY [HOME LIBRARY]…: CPythons in parallel, each on a thread of its own, with
// their own extension modules, threads, OpenSSL and signal number; then all are ended and closed.
// It knows dlopen, dlsym and dlclose only.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

static int failures;
static pthread_barrier_t together;

struct guest {
  const char *home, *library;
  wchar_t wide_home[512];
};

static const char script[] =
    "import sys, json, hashlib, ctypes, decimal, sqlite3, threading, math, ssl, zlib, socket\n"
    "assert sys.prefix == home, (sys.prefix, home)\n"
    "import _ssl; assert home in _ssl.__file__, _ssl.__file__\n"
    "assert '%d.%d' % sys.version_info[:2] in library, (sys.version, library)\n"
    "decimal.getcontext().prec = 60\n"
    "for n in range(20):\n"
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
    "    if n == 0: assert ssl.create_default_context()\n"
    "    assert 'é'.encode() == b'\\xc3\\xa9' and 'x'.isalpha() and float('1.5') == 1.5\n"
    // Each waits for one number, for what it sends to the process, and finds that and no more.
    "import os, signal\n"
    "signal.pthread_sigmask(signal.SIG_BLOCK, [40])\n"
    "assert signal.sigtimedwait([40], 0) is None\n"
    "count, got = 10 + sum(map(ord, library)) % 50, 0\n"
    "def send():\n"
    "    for _ in range(count): os.kill(os.getpid(), 40)\n"
    "sender = threading.Thread(target=send); sender.start()\n"
    "while got < count or signal.sigtimedwait([40], 0.2):\n"
    "    info = signal.sigtimedwait([40], 5) if got < count else None\n"
    "    assert info and info.si_signo == 40 and info.si_pid == os.getpid(), (got, count, info)\n"
    "    got += 1\n"
    "sender.join()\n";

static void fail(const char *library, const char *what) {
  printf("%s: %s\n", library, what);
  __atomic_fetch_add(&failures, 1, __ATOMIC_RELAXED);
}

static void *run(void *argument) {
  struct guest *guest = argument;
  void *handle = dlopen(guest->library, RTLD_NOW | RTLD_GLOBAL);
  if (handle == NULL) printf("%s\n", dlerror()), exit(1);
#define FUNCTION(type, name) ((type)dlsym(handle, #name))
  mbstowcs(guest->wide_home, guest->home, 511);
  FUNCTION(void (*)(const wchar_t *), Py_SetPythonHome)(guest->wide_home);
  FUNCTION(void (*)(int), Py_InitializeEx)(0);
  pthread_barrier_wait(&together);
  char *text;
  if (asprintf(&text, "home = '%s'; library = '%s'\n%s", guest->home, guest->library, script) < 0)
    exit(1);
  int wrong = FUNCTION(int (*)(const char *), PyRun_SimpleString)(text) != 0;
  free(text);
  pthread_barrier_wait(&together);
  if (FUNCTION(int (*)(void), Py_FinalizeEx)() != 0) wrong = 1;
  pthread_barrier_wait(&together);
  const char *name = strrchr(guest->library, '/') + 1;
  printf("RESULT %s at %s\n", wrong ? "False" : "True", name);
  if (wrong) fail(name, "wrong");
  if (dlclose(handle) != 0) fail(name, dlerror());
  return NULL;
}

int main(int count, char **words) {
  static struct guest guests[8];
  pthread_t ids[8];
  int all = (count - 1) / 2;
  pthread_barrier_init(&together, NULL, (unsigned)all);
  sigset_t set;
  sigemptyset(&set), sigaddset(&set, 40);
  pthread_sigmask(SIG_BLOCK, &set, NULL);
  for (int i = 0; i < all; i++) {
    guests[i].home = words[1 + 2 * i], guests[i].library = words[2 + 2 * i];
    pthread_create(&ids[i], NULL, run, &guests[i]);
  }
  for (int i = 0; i < all; i++) pthread_join(ids[i], NULL);
  return failures != 0;
}
