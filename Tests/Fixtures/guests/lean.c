// Under the name of Lean 4's library: ignores SIGPIPE, has a thread of its own from its start, and
// hands work to another one, which a child of fork does not have.
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct manager {
  pthread_mutex_t lock;
  pthread_cond_t changed;
  int running, wanted, done;
};
static struct manager *manager;
static volatile int stop;
volatile int lean_turns;

static void *loop(void *unused) {
  while (!stop) usleep(1000), lean_turns++;
  return unused;
}

void lean_init_task_manager(void) {
  manager = calloc(1, sizeof *manager);
  pthread_mutex_init(&manager->lock, 0);
  pthread_cond_init(&manager->changed, 0);
}

void lean_initialize_runtime_module(void) {
  pthread_t thread;
  if (signal(SIGPIPE, SIG_IGN) == SIG_ERR) perror("signal()"), _exit(1);
  lean_init_task_manager();
  pthread_create(&thread, 0, loop, 0);
}

static void *work(void *unused) {
  pthread_mutex_lock(&manager->lock);
  for (;;) {
    while (manager->wanted == manager->done) pthread_cond_wait(&manager->changed, &manager->lock);
    manager->done++;
    pthread_cond_broadcast(&manager->changed);
  }
  return unused;
}

// Waits until the worker has done it.
void lean_task(void) {
  pthread_t thread;
  pthread_mutex_lock(&manager->lock);
  if (!manager->running) manager->running = pthread_create(&thread, 0, work, 0) == 0;
  int mine = ++manager->wanted;
  pthread_cond_broadcast(&manager->changed);
  while (manager->done < mine) pthread_cond_wait(&manager->changed, &manager->lock);
  pthread_mutex_unlock(&manager->lock);
}

long lean_write(int fd) { return write(fd, "x", 1); }
long lean_write_by(long (*writes)(int), int fd) {
  long written = writes(fd);
  __asm__ volatile("" : : : "memory");  // no tail call
  return written;
}
