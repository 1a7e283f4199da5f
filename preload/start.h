// The steps of the constructor, each in the file of its name.
#pragma once

#include <pthread.h>
#include <stdint.h>

#define COEXIST_VERSION "0.1.0"

void coexist_config_load(void);   // config.c
// environment.c: tells of mistyped variables of ours; which of the choices one holds, -1 = none.
void coexist_environment_check(void);
int coexist_environment_choice(const char *name, const char *const *choices, unsigned count);
void coexist_state_open(void);    // state.c
void coexist_state_before_fork(void);
void coexist_state_fork(void);
void coexist_state_close(void);
// prune.c: removes old state files beside this one. space: the pid namespace, as in the state.
void coexist_prune(const char *path, uint64_t space);
void coexist_thread_key(void);    // thread.c
// pthread_create(3) as the runtime that owns `caller` would call it.
int coexist_thread_make(pthread_t *id, const pthread_attr_t *attr, void *(*function)(void *),
                        void *argument, uint64_t caller);
// The same, detached; the owner of `code` makes it.
int coexist_add_thread(void *(*function)(void *), void *argument, void *code);
// lean.c: wait(first, second), on a thread of ours while this one, of Lean's, waits for a promise
// of Lean's. 0 = the thread is not Lean's, or it cannot be done.
int coexist_lean_wait(void (*wait)(void *, void *), void *first, void *second);

// rcu.c: liburcu-bp ends the process where it gets no memory.
int coexist_rcu_asks(uint64_t caller);   // is the caller its code?
void coexist_rcu_before_fork(void);
void *coexist_rcu_spare(size_t size);    // zero memory for it; MAP_FAILED = used up, errno stays

// log.c: one write(2), at most 512 bytes, "coexist[PID]: " in front; level as in coexist_log_level.
void coexist_log(unsigned level, const char *format, ...) __attribute__((format(printf, 2, 3)));
void coexist_log_open(void);
_Noreturn void coexist_fatal(const char *message);
// Expands %p pid, %e program, %t start time, %r run directory, into size bytes.
void coexist_expand(char *to, unsigned long size, const char *template);
