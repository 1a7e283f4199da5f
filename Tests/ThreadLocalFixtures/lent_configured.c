// lent_configured GUEST [ask]: two contexts over a guest whose policy the configuration gives, or
// "ask" asks for. Exit status: 0 each has its own state, 1 not so, else the errno value that
// asking gave.
#include <coexist.h>
#include <dlfcn.h>
#include <string.h>

static void (*guest_set)(long);
static int (*guest_check)(long);
static void *set(void *number) { return guest_set((long)number), NULL; }
static void *check(void *number) { return (void *)(long)guest_check((long)number); }

int main(int count, char **words) {
  if (count < 2) return 2;
  void *guest = dlopen(words[1], RTLD_NOW);
  guest_set = (void (*)(long))dlsym(guest, "guest_set");
  guest_check = (int (*)(long))dlsym(guest, "guest_check");
  coexist_context_t contexts[2] = {coexist_create(), coexist_create()};
  if (count > 2) {
    int error = coexist_policy(strrchr(words[1], '/') + 1, COEXIST_MODULE_REGISTER);
    if (error != 0) return error;
  }
  void *right = NULL;
  for (long c = 0; c < 2; c++) coexist_call(contexts[c], 65536, set, (void *)(c + 1), NULL);
  coexist_call(contexts[0], 65536, check, (void *)1, &right);
  return right == NULL;
}
