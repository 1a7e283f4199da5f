// A program that sets and checks a guest's state by coexist_call, or without coexist directly.
// CALL_STACK: bytes of a call's stack.
#pragma once

#include <coexist.h>
#include <stdio.h>

static void (*guest_set)(long);
static int (*guest_check)(long);
static int failures;

static void expect(int is_right, const char *what) {
  if (!is_right && __atomic_fetch_add(&failures, 1, __ATOMIC_RELAXED) < 5) puts(what);
}
static void *call(coexist_context_t context, void *(*function)(void *), long argument) {
  void *value = NULL;
  if (coexist_present())
    expect(coexist_call(context, CALL_STACK, function, (void *)argument, &value) == 0, "call");
  else
    value = function((void *)argument);
  return value;
}
static void *set(void *number) { return guest_set((long)number), NULL; }
static void *check(void *number) { return (void *)(long)guest_check((long)number); }
