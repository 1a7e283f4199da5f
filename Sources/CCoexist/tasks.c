// What the kernel says of this process's threads: proc(5), /proc/self/task. Only system calls:
// whoever looks may have stopped all others.
#include <ccoexist/stacks.h>

#include <ccoexist/registers.h>
#include <ccoexist/tls.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

static long read_file(int32_t tid, const char *name, char *text, long size) COEXIST_SIGSAFE {
  char path[64] = "/proc/self/task/", digits[16];
  char *to = path + 16;
  int count = 0;
  for (uint32_t rest = (uint32_t)tid; rest != 0; rest /= 10)
    digits[count++] = (char)('0' + rest % 10);
  while (count > 0) *to++ = digits[--count];
  *to++ = '/';
  while (*name != 0) *to++ = *name++;
  *to = 0;
  int fd = (int)coexist_syscall4(SYS_open, (long)path, O_RDONLY | O_CLOEXEC, 0, 0);
  if (fd < 0) return -1;
  long length = coexist_syscall4(SYS_read, fd, (long)text, size - 1, 0);
  coexist_syscall4(SYS_close, fd, 0, 0, 0);
  text[length > 0 ? length : 0] = 0;
  return length;
}
static uint64_t hexadecimal(const char *at) {
  uint64_t value = 0;
  for (;; at++) {
    int digit = *at >= '0' && *at <= '9'   ? *at - '0'
                : *at >= 'a' && *at <= 'f' ? *at - 'a' + 10
                                           : -1;
    if (digit < 0) return value;
    value = value << 4 | (uint64_t)digit;
  }
}

// The field of a "status" that begins so.
static uint64_t field(const char *text, const char *name) COEXIST_SIGSAFE {
  typedef char *(*safe)(const char *, const char *) COEXIST_SIGSAFE;  // signal-safety(7)
  const char *at = ((safe)strstr)(text, name);
  return at == 0 ? 0 : hexadecimal(at + 8);
}
int coexist_task_signals(int32_t tid, struct coexist_task_signals *signals) COEXIST_SIGSAFE {
  char text[2048];
  if (read_file(tid, "status", text, sizeof text) <= 0) return 0;
  signals->pending = field(text, "SigPnd:\t");
  signals->blocked = field(text, "SigBlk:\t");
  return 1;
}

// "NUMBER arguments… SP PC", or "running": proc(5), syscall.
uint64_t coexist_waiting_sp(int32_t tid) {
  char text[256];
  if (read_file(tid, "syscall", text, sizeof text) <= 0 || text[0] == 'r') return 0;
  char *pc = strrchr(text, ' ');
  if (pc == 0) return 0;
  *pc = 0;
  const char *sp = strrchr(text, ' ');
  return sp == 0 ? 0 : hexadecimal(sp + 3);
}

uint64_t coexist_tasks_count(void) {
  struct stat info;
  long error = coexist_syscall4(SYS_stat, (long)"/proc/self/task", (long)&info, 0, 0);
  return error != 0 ? 0 : info.st_nlink - 2;
}

struct entry {
  uint64_t inode, offset;
  uint16_t length;
  uint8_t type;
  char name[];
};
void coexist_tasks_each(void (*visit)(int32_t tid)) {
  char buffer[4096];
  enum { FLAGS = O_RDONLY | O_DIRECTORY | O_CLOEXEC };
  int fd = (int)coexist_syscall4(SYS_open, (long)"/proc/self/task", FLAGS, 0, 0);
  long got;
  while (fd >= 0 &&
         (got = coexist_syscall4(SYS_getdents64, fd, (long)buffer, sizeof buffer, 0)) > 0)
    for (long at = 0; at < got; at += ((struct entry *)(buffer + at))->length) {
      int32_t tid = 0;
      for (const char *c = ((struct entry *)(buffer + at))->name; *c >= '0' && *c <= '9'; c++)
        tid = tid * 10 + (*c - '0');
      if (tid != 0) visit(tid);
    }
  if (fd >= 0) coexist_syscall4(SYS_close, fd, 0, 0, 0);
}

// ---- Records by kernel id ----

static struct {
  uint32_t epoch;  // what is of an older one is free
  struct {
    int32_t tid;
    uint32_t epoch;
    struct coexist_thread *thread;
  } *table;
} by_id;
enum { SIZE = COEXIST_STOPPED_MAX };

static uint32_t place_of(int32_t tid) {
  uint32_t at = (uint32_t)tid % SIZE;
  while (by_id.table[at].epoch == by_id.epoch && by_id.table[at].tid != tid) at = (at + 1) % SIZE;
  return at;
}
void coexist_index_begin(void) {
  if (by_id.table == 0) by_id.table = coexist_tls_map(sizeof *by_id.table * SIZE);
  if (++by_id.epoch == 0) by_id.epoch = 1;
}
void coexist_index_put(int32_t tid, struct coexist_thread *thread) {
  static uint32_t filled, of_epoch;
  if (of_epoch != by_id.epoch) of_epoch = by_id.epoch, filled = 0;
  if (by_id.table == 0 || filled == SIZE / 2) return;
  uint32_t at = place_of(tid);
  filled += by_id.table[at].epoch != by_id.epoch;
  by_id.table[at].tid = tid, by_id.table[at].epoch = by_id.epoch, by_id.table[at].thread = thread;
}
struct coexist_thread *coexist_index_get(int32_t tid) {
  if (by_id.table == 0) return 0;
  uint32_t at = place_of(tid);
  return by_id.table[at].epoch == by_id.epoch ? by_id.table[at].thread : 0;
}
