#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "differential.h"

enum { ROOM = 256 * 1024 };
static char *text;
static atomic_uint *used;
static uint64_t state;

// SplitMix64 (Steele, Lea, Flood 2014).
static uint64_t mix(uint64_t z) {
  z *= 0x9E3779B97F4A7C15ull;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
  return z ^ (z >> 31);
}

// Shared with the children of fork, which write into the same trace.
void trace_begin(uint64_t seed) {
  state = mix(seed ^ 0xD1B54A32D192ED03ull);  // or each program were the one before, a step on
  if (text == NULL) {
    char *room = mmap(0, ROOM + 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    used = (atomic_uint *)room, text = room + 4096;
  }
  memset(text, 0, *used);
  *used = 0;
}

void trace_child(uint64_t seed) { state = seed; }

// A handler may come between: a line is put in its place at once.
void trace(const char *format, ...) {
  char line[400];
  int length = snprintf(line, sizeof line, "t%d%.*s ", self ? self->index : 0,
                        self ? self->nesting : 0, "++++++++");
  va_list list;
  va_start(list, format);
  length += vsnprintf(line + length, sizeof line - 1 - (size_t)length, format, list);
  va_end(list);
  line[length++] = '\n';
  unsigned at = atomic_fetch_add(used, (unsigned)length);
  if (at + (unsigned)length < ROOM) memcpy(text + at, line, (size_t)length);
}
const char *trace_text(void) { return text; }

uint32_t chance(uint32_t below) { return (uint32_t)(mix(state++) % below); }

uint64_t word_of(const sigset_t *set) {
  uint64_t word;
  memcpy(&word, set, sizeof word);
  return word;
}

static const int signals[] = {SIGHUP,  SIGUSR1,  SIGUSR2, SIGTERM, SIGALRM, SIGURG,
                              SIGSEGV, SIGFPE,   SIGPIPE, SIGCHLD, SIGWINCH, SIGCONT,
                              SIGTRAP, SIGXFSZ,  SIGIO,   SIGSYS};
int random_signal(void) {
  if (one_in(5)) return SIGRTMIN + 1 + (int)chance(3);
  int signal = signals[chance(sizeof signals / sizeof *signals)];
  // In company these go to everybody, one after the other.
  int is_broadcast = signal == SIGCHLD || signal == SIGWINCH || signal == SIGCONT;
  return careful && is_broadcast ? SIGUSR2 : signal;
}
sigset_t random_set(void) {
  sigset_t set;
  sigemptyset(&set);
  if (one_in(8)) sigfillset(&set);
  for (int n = (int)chance(6); n > 0; n--) sigaddset(&set, random_signal());
  return set;
}
