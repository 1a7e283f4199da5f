#pragma once

long work_start(void);
long work_solve(void);
long work_append(long n);
void work_keep(long value);
long work_has_kept(long value);
long work_deep(long depth);
long work_task(void);
long work_task_calls(long (*function)(long), long argument);  // its answer
long work_fork(void);
long work_share(int (*share)(const char *, void *));  // an object, by two threads
