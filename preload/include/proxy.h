// Contexts that run on an OS thread of their own (proxy.c).
#pragma once

#include "preload.h"

#include <pthread.h>
#include <signal.h>

int coexist_proxy_call(struct coexist_context *context, size_t stack_size,
                       void *(*function)(void *), void *argument, void **value);
void coexist_proxy_end(struct coexist_proxy *proxy);
