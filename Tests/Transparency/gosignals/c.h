#include <stdint.h>

int callFromThreads(int threads, int calls);
int isDefault(int signal);
void burn(int rounds);
void crash(void);
void traceback(void *argument);
int tracebacks(void);
