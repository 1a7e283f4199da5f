// What the kernel sends because one runtime asked for it is that one's alone: input on a descriptor
// (with a signal of its own, and SIGIO), a message in a queue, a parent's death.
// library: alpha = guests/asker.c
// library: beta = guests/asker.c
// run: descriptor
// run: input
// run: queue
// run: parent
// times: 5
#include <fcntl.h>
#include <mqueue.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "guests/asker.h"
#include "support/check.h"

static int NUMBER;

// beta installs last: bare, everything goes to it.
static void both(int signal) { alpha()->catch(signal), beta()->catch(signal); }
static void only_alpha(int times) {
  for (int tries = 0; tries < 2000 && alpha()->got < times; tries++) usleep(1000);
  CHECK_EQ(alpha()->got, times);
  CHECK_EQ(beta()->got, 0);
}
static void descriptor(int signal, int code) {
  int pair[2], other[2];
  CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
  CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, other), 0);
  both(signal != 0 ? signal : SIGIO);
  CHECK_EQ(alpha()->descriptor(pair[0], signal), 0);
  if (signal != 0) CHECK_EQ(beta()->descriptor(other[0], signal), 0);
  CHECK_EQ(write(pair[1], "x", 1), 1);
  only_alpha(1);
  CHECK_EQ(alpha()->code, code);
  if (signal == 0) return;
  CHECK_EQ(write(other[1], "x", 1), 1);
  for (int tries = 0; tries < 2000 && beta()->got == 0; tries++) usleep(1000);
  CHECK_EQ(beta()->got, 1);
  CHECK_EQ(alpha()->got, 1);
}
static void queue(void) {
  struct mq_attr sizes = {.mq_maxmsg = 4, .mq_msgsize = 8};
  char name[64];
  snprintf(name, sizeof name, "/coexist-causes-%d", getpid());
  mqd_t messages = mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, &sizes);
  CHECK(messages >= 0);
  mq_unlink(name);
  both(NUMBER);
  CHECK_EQ(alpha()->queue(messages, NUMBER), 0);
  CHECK_EQ(mq_send(messages, "x", 1, 0), 0);
  only_alpha(1);
  CHECK_EQ(alpha()->code, SI_MESGQ);
}
// The grandchild says by a byte whether its parent's death reached alpha.
static void parent(void) {
  int result[2];
  CHECK_EQ(pipe(result), 0);
  pid_t child = fork();
  if (child == 0) {
    int ready[2];
    CHECK_EQ(pipe(ready), 0);
    if (fork() == 0) {
      both(NUMBER);
      CHECK_EQ(alpha()->parents_death(NUMBER), 0);
      CHECK_EQ(write(ready[1], "x", 1), 1);
      only_alpha(1);
      CHECK_EQ(write(result[1], "x", 1), 1);
      _exit(0);
    }
    char byte;
    CHECK_EQ(read(ready[0], &byte, 1), 1);
    _exit(0);
  }
  close(result[1]);
  char byte;
  CHECK_EQ(read(result[0], &byte, 1), 1);
  CHECK_EQ(waitpid(child, 0, 0), child);
}

int main(int count, char **arguments) {
  CHECK_EQ(count, 2);
  NUMBER = SIGRTMIN + 3;
  switch (arguments[1][0]) {
    case 'd': return descriptor(NUMBER, 1), 0;  // POLL_IN
    case 'i': return descriptor(0, SI_KERNEL), 0;
    case 'q': return queue(), 0;
    default: return parent(), 0;
  }
}
