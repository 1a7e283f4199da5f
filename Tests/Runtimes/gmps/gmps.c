// gmps OLD VERSION NEW VERSION: two versions of GMP in one process, loaded as Mojo loads (NOW and
// GLOBAL). Whoever uses one replaces its memory functions, as Lean does; the other must not notice.
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct integer { int room, size; void *limbs; };  // mpz_t (gmp.h)

struct gmp {
  void (*set_ui)(struct integer *, unsigned long), (*clear)(struct integer *);
  void (*init)(struct integer *), (*fac)(struct integer *, unsigned long);
  void (*divexact)(struct integer *, const struct integer *, const struct integer *);
  int (*compare)(const struct integer *, unsigned long);
  void (*memory)(void *(*)(size_t), void *(*)(void *, size_t, size_t), void (*)(void *, size_t));
  const char *version, *name;
  long counted;  // what its memory functions gave out and did not get back
  int wrong;
};

static struct gmp gmps[2];
enum { HEADER = 16 };

// Each block says whose it is; the other's free would not look there.
static void *give(struct gmp *gmp, size_t size) {
  char *block = malloc(size + HEADER);
  if (block == NULL) abort();
  *(struct gmp **)block = gmp;
  __atomic_fetch_add(&gmp->counted, 1, __ATOMIC_RELAXED);
  return block + HEADER;
}

static void take(struct gmp *gmp, void *memory) {
  if (*(struct gmp **)((char *)memory - HEADER) != gmp) gmp->wrong++;
  __atomic_fetch_sub(&gmp->counted, 1, __ATOMIC_RELAXED);
  free((char *)memory - HEADER);
}

#define MEMORY(n)                                                            \
  static void *give##n(size_t size) { return give(&gmps[n], size); }          \
  static void take##n(void *memory, size_t size) { (void)size, take(&gmps[n], memory); } \
  static void *more##n(void *memory, size_t old, size_t size) {               \
    void *block = give##n(size);                                              \
    memcpy(block, memory, old < size ? old : size);                           \
    return take##n(memory, old), block;                                       \
  }
MEMORY(0) MEMORY(1)

static void open_gmp(struct gmp *gmp, const char *library, const char *version) {
  void *handle = dlopen(library, RTLD_NOW | RTLD_GLOBAL);
  if (handle == NULL) printf("%s\n", dlerror()), exit(1);
#define FUNCTION(field, symbol) gmp->field = (__typeof__(gmp->field))dlsym(handle, symbol)
  FUNCTION(set_ui, "__gmpz_set_ui"), FUNCTION(clear, "__gmpz_clear");
  FUNCTION(init, "__gmpz_init"), FUNCTION(fac, "__gmpz_fac_ui");
  FUNCTION(divexact, "__gmpz_divexact"), FUNCTION(compare, "__gmpz_cmp_ui");
  FUNCTION(memory, "__gmp_set_memory_functions");
  const char *const *found = dlsym(handle, "__gmp_version");
  gmp->version = *found, gmp->name = version;
  if (strcmp(*found, version) != 0) printf("%s is %s\n", library, *found), gmp->wrong++;
}

// 3000! / 2999! = 3000, by products of thousands of digits and an exact division.
static void *work(void *argument) {
  struct gmp *gmp = argument;
  for (int round = 0; round < 50; round++) {
    struct integer a, b;
    gmp->init(&a), gmp->init(&b);
    gmp->fac(&a, 3000), gmp->fac(&b, 2999);
    gmp->divexact(&a, &a, &b);
    if (gmp->compare(&a, 3000) != 0) __atomic_fetch_add(&gmp->wrong, 1, __ATOMIC_RELAXED);
    gmp->clear(&a), gmp->clear(&b);
  }
  return NULL;
}

int main(int count, char **words) {
  pthread_t ids[4];
  if (count != 5) return 64;
  for (int i = 0; i < 2; i++) open_gmp(&gmps[i], words[1 + 2 * i], words[2 + 2 * i]);
  // A number of the first, made before anybody replaced anything, is freed by libc's free.
  struct integer early;
  gmps[0].init(&early), gmps[0].set_ui(&early, 7);
  gmps[1].memory(give1, more1, take1);
  gmps[0].clear(&early);
  gmps[0].memory(give0, more0, take0);
  for (int i = 0; i < 4; i++) pthread_create(&ids[i], NULL, work, &gmps[i % 2]);
  for (int i = 0; i < 4; i++) pthread_join(ids[i], NULL);
  int failures = 0;
  for (int i = 0; i < 2; i++) {
    int passed = gmps[i].wrong == 0 && gmps[i].counted == 0;
    if (!passed) printf("%d wrong, %ld left\n", gmps[i].wrong, gmps[i].counted), failures++;
    printf("RESULT %s at gmp-%s\n", passed ? "True" : "False", gmps[i].name);
  }
  return failures;
}
