// start FILE [--deny CALL=ERRNO]… -- COMMAND…: runs the command with the faults that FILE says.
//
// The `syscall` instructions of libcoexist.so come here (inject.c); each is counted, and the one
// that is due fails. --deny: this system call fails for everybody, always, as in a sandbox.
#include "faults.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static struct faults *faults;

static void wrong(const char *what) {
  fprintf(stderr, "start: %s: %s\n", what, strerror(errno));
  exit(70);
}

// NUMBER=ERRNO.
static void deny(const char *what) {
  const char *equal = strchr(what, '=');
  if (equal == NULL) wrong(what);
  struct sock_filter program[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)atoi(what), 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)atoi(equal + 1)),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog filter = {sizeof program / sizeof program[0], program};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
      syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter) != 0)
    wrong("seccomp");
}

static int receive(int from) {
  char byte, control[CMSG_SPACE(sizeof(int))];
  struct iovec part = {&byte, 1};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control,
                           .msg_controllen = sizeof control};
  if (recvmsg(from, &message, MSG_CMSG_CLOEXEC) != 1) return -1;
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  if (header == NULL || header->cmsg_type != SCM_RIGHTS) return -1;
  int fd;
  memcpy(&fd, CMSG_DATA(header), sizeof fd);
  return fd;
}

static void answer(int listener) {
  struct seccomp_notif call = {0};
  if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &call) != 0) return;
  struct seccomp_notif_resp response = {.id = call.id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
  unsigned number = (unsigned)call.data.nr % FAULTS_SYSTEM_CALLS;
  uint64_t use = ++faults->uses[FAULTS_COUNT + number];
  if (faults->name == FAULTS_COUNT + number && faults->use == use) {
    response.flags = 0, response.error = -(int)faults->error;
    faults->where = call.data.instruction_pointer - faults->library;
  }
  ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &response);
}

int main(int count, char **arguments) {
  if (count < 4) return 64;
  int fd = open(arguments[1], O_RDWR | O_CLOEXEC), pair[2], listener = -1;
  faults = mmap(NULL, sizeof *faults, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (faults == MAP_FAILED) wrong(arguments[1]);
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) wrong("socketpair");
  pid_t child = fork();
  if (child < 0) wrong("fork");
  if (child == 0) {
    // A high number, closed before the program begins: it sees the descriptors that it would.
    enum { OUT_OF_THE_WAY = 900 };
    char text[16];
    snprintf(text, sizeof text, "%d", fcntl(pair[1], F_DUPFD, OUT_OF_THE_WAY));
    setenv("FAULTS_SOCKET", text, 1), setenv("FAULTS_FILE", arguments[1], 1);
    const char *preload = getenv("FAULTS_PRELOAD");
    if (preload != NULL) setenv("LD_PRELOAD", preload, 1);
    int n = 2;
    for (; n + 1 < count && strcmp(arguments[n], "--deny") == 0; n += 2) deny(arguments[n + 1]);
    if (n < count && strcmp(arguments[n], "--") == 0) n++;
    execvp(arguments[n], arguments + n);
    wrong(arguments[n]);
  }
  close(pair[1]);
  int status = 0, over = 0;
  while (!over) {
    struct pollfd fds[2] = {{listener, POLLIN, 0}, {pair[0], POLLIN, 0}};
    int ready = poll(fds, 2, 20);
    if (ready > 0 && (fds[0].revents & POLLIN)) answer(listener);
    if (ready > 0 && (fds[1].revents & (POLLIN | POLLHUP))) {
      if (listener < 0) listener = receive(pair[0]);
      close(pair[0]), pair[0] = -1;
    }
    over = waitpid(child, &status, WNOHANG) == child;
  }
  if (WIFEXITED(status)) return WEXITSTATUS(status);
  struct rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
  signal(WTERMSIG(status), SIG_DFL), raise(WTERMSIG(status));
  return 128 + WTERMSIG(status);
}
