// The steps of the constructor, each in the file of its name.
#pragma once

#define COEXIST_VERSION "0.1.0"

void coexist_config_load(void);   // config.c
void coexist_state_open(void);    // state.c
void coexist_state_before_fork(void);
void coexist_state_fork(void);
void coexist_state_close(void);
void coexist_thread_key(void);    // thread.c

// log.c: one write(2), at most 512 bytes, "coexist[PID]: " in front; level as in coexist_log_level.
void coexist_log(unsigned level, const char *format, ...) __attribute__((format(printf, 2, 3)));
void coexist_log_open(void);
_Noreturn void coexist_fatal(const char *message);
// Expands %p pid, %e program, %t start time, %r run directory, into size bytes.
void coexist_expand(char *to, unsigned long size, const char *template);
