// What cannot be called with the FS base of another thread: code for which the kernel keeps
// addresses or ids of the thread that really runs.
#include <ccoexist/donor.h>

#include <ccoexist/real.h>
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <linux/futex.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

struct coexist_donor *coexist_donors;

// A mutex with priority inheritance tells the kernel libc's id of the thread (futex(2),
// FUTEX_LOCK_PI), which is the parked thread's.
static const char *const inherits[] = {"pthread_mutexattr_setprotocol", 0};

static int has_section(const char *file, uint64_t size, const char *name) {
  const ElfW(Ehdr) *header = (const ElfW(Ehdr) *)file;
  if (size < sizeof *header || memcmp(header->e_ident, ELFMAG, SELFMAG) != 0) return 0;
  const ElfW(Shdr) *sections = (const ElfW(Shdr) *)(file + header->e_shoff);
  if (header->e_shoff > size || header->e_shnum * sizeof *sections > size - header->e_shoff ||
      header->e_shstrndx >= header->e_shnum)
    return 0;
  const ElfW(Shdr) *names = &sections[header->e_shstrndx];
  if (names->sh_offset > size || names->sh_size > size - names->sh_offset) return 0;
  uint64_t length = strlen(name) + 1;
  for (int i = 0; i < header->e_shnum; i++)
    if (sections[i].sh_name + length <= names->sh_size &&
        memcmp(file + names->sh_offset + sections[i].sh_name, name, length) == 0)
      return 1;
  return 0;
}

// Restartable sequences lie in a section of this name (tools/testing/selftests/rseq/rseq-x86.h).
static int has_sequences(uint64_t map) {
  int fd = open(((const struct link_map *)map)->l_name, O_RDONLY | O_CLOEXEC);
  struct stat info;
  if (fd < 0) return 0;
  void *file = fstat(fd, &info) == 0
                   ? coexist_real.mmap(0, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, fd, 0)
                   : MAP_FAILED;
  close(fd);
  if (file == MAP_FAILED) return 0;
  int found = has_section(file, (uint64_t)info.st_size, "__rseq_cs");
  coexist_real.munmap(file, (size_t)info.st_size);
  return found;
}

const char *coexist_lend_refusal(uint64_t map) {
  enum { FSGSBASE = 2 };  // Linux arch/x86/include/uapi/asm/hwcap2.h
  if (!(getauxval(AT_HWCAP2) & FSGSBASE)) return "this kernel lets no program write the FS base";
  if (coexist_object_imports(map, inherits))
    return "it calls pthread_mutexattr_setprotocol, and the kernel must know who holds a mutex";
  if (has_sequences(map)) return "it has restartable sequences, whose variables the kernel writes";
  return 0;
}

// ---- Signals that are sent to a donor's pthread_t ----

enum { PRIVATE_EXPEDITED = 8, SYSCALL_MEMBARRIER = 324 };

static uint64_t bit_of(int signal) COEXIST_SIGSAFE { return 1ull << (signal - 1); }

void coexist_donor_turn(struct coexist_donor *donor, uint32_t what) COEXIST_SIGSAFE {
  __atomic_fetch_or(&donor->turn, what, __ATOMIC_SEQ_CST);
  coexist_syscall4(SYS_futex, (long)&donor->turn, FUTEX_WAKE_PRIVATE, 1, 0);
}

static int send(int32_t tid, int signal, const siginfo_t *info) COEXIST_SIGSAFE {
  int32_t process = coexist_getpid();
  if (info != 0 &&
      coexist_syscall4(SYS_rt_tgsigqueueinfo, process, tid, signal, (long)info) == 0)
    return 0;
  // What tgkill(2) sent another thread may not repeat in its words (kernel/signal.c).
  return (int)-coexist_syscall4(SYS_tgkill, process, tid, signal, 0);
}

// Whoever lets go says so first, and then looks whether something is on its way (settles); whoever
// sends says so first, and then looks whether the other lets go. The barrier in the middle is
// membarrier(2), which costs the call itself nothing.
int coexist_donor_send(struct coexist_donor *donor, int signal, const siginfo_t *info)
    COEXIST_SIGSAFE {
  uint64_t mine = coexist_base_now();
  for (;;) {
    __atomic_fetch_or(&donor->pending, bit_of(signal), __ATOMIC_SEQ_CST);
    coexist_syscall4(SYSCALL_MEMBARRIER, PRIVATE_EXPEDITED, 0, 0, 0);
    uint64_t host = __atomic_load_n(&donor->host, __ATOMIC_ACQUIRE);
    int is_here = host != 0 && (host == mine || donor->base == mine);
    if (host != 0 && (is_here || !__atomic_load_n(&donor->leaving, __ATOMIC_ACQUIRE)))
      return send(donor->host_tid, signal, info);
    __atomic_fetch_and(&donor->pending, ~bit_of(signal), __ATOMIC_SEQ_CST);
    uint32_t state = __atomic_load_n(&donor->state, __ATOMIC_ACQUIRE);
    if (host == 0 && state != COEXIST_DONOR_LENT) {
      if (donor->process != coexist_getpid()) return 3;  // ESRCH: only the parent has its thread
      // In this order: who takes the bit finds the signal.
      int error = send(donor->tid, signal, info);
      __atomic_fetch_or(&donor->kept, bit_of(signal), __ATOMIC_SEQ_CST);
      coexist_donor_turn(donor, COEXIST_DONOR_SIGNALS);
      return error;
    }
    coexist_yield();
  }
}

void coexist_donor_settles(struct coexist_donor *donor) COEXIST_SIGSAFE {
  __atomic_store_n(&donor->leaving, 1, __ATOMIC_RELAXED);
  __asm__ volatile("" : : : "memory");
  uint64_t coming;
  while ((coming = __atomic_load_n(&donor->pending, __ATOMIC_ACQUIRE)) != 0) {
    uint64_t blocked = 0;
    const int64_t at_once[2] = {0, 0};
    coexist_syscall4(SYS_rt_sigprocmask, 0, 0, (long)&blocked, 8);
    blocked &= coming;
    siginfo_t info;
    // A handler that the guest keeps out waits under the donor's name, not under this thread's.
    long signal = blocked == 0 ? -1
                               : coexist_syscall4(SYS_rt_sigtimedwait, (long)&blocked,
                                                  (long)&info, (long)at_once, 8);
    if (signal <= 0) {
      coexist_yield();
      continue;
    }
    __atomic_fetch_and(&donor->pending, ~bit_of((int)signal), __ATOMIC_SEQ_CST);
    if (donor->process == coexist_getpid()) send(donor->tid, (int)signal, &info);
    __atomic_fetch_or(&donor->kept, bit_of((int)signal), __ATOMIC_SEQ_CST);
    coexist_donor_turn(donor, COEXIST_DONOR_SIGNALS);
  }
}
