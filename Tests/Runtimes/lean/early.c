// early LIBRARY: loads Lean 4 as Mojo's OwnedDLHandle does (NOW and GLOBAL), starts it, and closes
// it right after its last use, while a thread of its event loop still waits inside. Job control
// (Ctrl-Z, fg) then makes that thread run on.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

// Stops this process and lets it go on, as a shell does.
static void stop_and_go(void) {
  pid_t self = getpid(), child = fork();
  if (child == 0) {
    usleep(20000);
    kill(self, SIGSTOP);
    usleep(20000);
    kill(self, SIGCONT);
    _exit(0);
  }
  waitpid(child, NULL, 0);
  usleep(50000);
}

int main(int count, char **words) {
  if (count != 2) return 64;
  void *handle = dlopen(words[1], RTLD_NOW | RTLD_GLOBAL);
  if (handle == NULL) return printf("%s\n", dlerror()), 1;
  void (*start)(void) = (void (*)(void))dlsym(handle, "lean_initialize_runtime_module");
  if (start == NULL) return printf("%s\n", dlerror()), 1;
  start();
  usleep(50000);
  dlclose(handle);
  for (int round = 0; round < 5; round++) stop_and_go();
  puts("RESULT True at lean.early");
  return 0;
}
