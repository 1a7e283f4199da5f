// A guest whose handler wants no alternate stack, and was installed past sigaction(2): Erlang,
// which adds SA_ONSTACK to all that it sees, does not know of it.
#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { THREADS_MAX = 256, ROUNDS = 500 };

static volatile sig_atomic_t came;

static void handler(int number) {
    (void)number;
    came++;
}

int plain_start(void) {
    return signal(SIGUSR2, handler) == SIG_ERR;
}

// Sends the signal to each thread again and again; returns how many came.
int plain_storm(void) {
    int threads[THREADS_MAX], count = 0;
    DIR *tasks = opendir("/proc/self/task");
    for (struct dirent *task; tasks && (task = readdir(tasks)) && count < THREADS_MAX;)
        if (*task->d_name != '.') threads[count++] = atoi(task->d_name);
    closedir(tasks);
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < count; i++) syscall(SYS_tgkill, getpid(), threads[i], SIGUSR2);
        usleep(200);
    }
    return came;
}
