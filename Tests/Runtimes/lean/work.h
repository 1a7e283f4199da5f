#pragma once

long work_start(void);
long work_solve(void);
long work_deep(long depth);
long work_task(void);
long work_fork(void);
