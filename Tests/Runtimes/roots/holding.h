// What the parts of roots share: objects that say when they are freed, and two semaphores.
#pragma once

#define _GNU_SOURCE
#define GC_NO_THREAD_REDIRECTS
#define GC_THREADS
#include <coexist.h>
#include <dlfcn.h>
#include <errno.h>
#include <gc.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <stdatomic.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

enum { COUNT = 64, SIZE = 96, ROUNDS = 3, STACK = 256 * 1024 };

extern atomic_int lost;     // objects freed
extern int result;          // of a thread or a fiber
extern sem_t filled, collected;

void *make(int number);
int is_whole(const unsigned char *object, int number);
void fill(void **places);
int wrong(void **places);
void collect(void);
// Waits until the other side has collected.
void filled_now(void);
// Collects while the function holds objects on a thread of its own.
int with_thread(void *(*function)(void *));

// places.c
int fiber_suspended(void);
int fiber_collects_malloc(void);
int fiber_collects_mmap(void);
int fiber_of_thread(void);
int fiber_boost(void);
int fiber_boost_collects(void);
int local_program(void);
int local_library(void);
int data_namespace(void);
int local_thread(void);
int handler_malloc(void);
int handler_mmap(void);
// pins.c
int pinned(void);
int region(void);
int roots_each(void);
