// A C program with GMP and memory functions of its own for it, and Lean 4, which exports a copy of
// GMP's names: opened with RTLD_GLOBAL before, or linked before (LEAN_LINKED). Each must use its
// own memory functions, and the answers must be right.
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  int room, size;
  uint64_t *limbs;
} number;

enum { FRONT = 64 };  // our blocks begin behind a mark, so free(3) of another's would abort
static long living;
static void *allocate(size_t size) {
  living++;
  char *block = malloc(size + FRONT);
  memset(block, 0x5A, FRONT);
  return block + FRONT;
}
static void release(void *block, size_t size) {
  (void)size;
  char *mark = (char *)block - FRONT;
  if (mark[0] != 0x5A) printf("a number that is not ours was freed by our function\n"), exit(3);
  living--;
  free(mark);
}
static void *grow(void *block, size_t old, size_t size) {
  void *fresh = allocate(size);
  memcpy(fresh, block, old < size ? old : size);
  return release(block, old), fresh;
}

#ifdef LEAN_LINKED
#define LIBRARY NULL
#else
#define LIBRARY lean
#endif
static void *find(void *library, const char *name) {
  void *found = dlsym(library, name);
  if (found == NULL) printf("%s\n", dlerror()), exit(2);
  return found;
}

int main(void) {
#ifdef LEAN_LINKED
  // An own reference, so that the linker keeps GMP; its functions are called as a program would.
  extern void __gmp_set_memory_functions(void *(*)(size_t), void *(*)(void *, size_t, size_t),
                                         void (*)(void *, size_t));
  extern int __gmpz_init_set_str(number *, const char *, int);
  extern void __gmpz_mul(number *, const number *, const number *), __gmpz_clear(number *);
  extern char *__gmpz_get_str(char *, int, const number *);
  #define GMP(name) name
#else
  char path[4096];
  snprintf(path, sizeof path, "%s/libleanshared.so", getenv("LEAN"));
  void *lean = dlopen(path, RTLD_NOW | RTLD_GLOBAL), *gmp = dlopen("libgmp.so.10", RTLD_NOW);
  if (lean == NULL || gmp == NULL) return printf("%s\n", dlerror()), 2;
  #define GMP(name) ((__typeof__(&type_##name))find(gmp, #name))
  extern void type___gmp_set_memory_functions(void *(*)(size_t),
                                              void *(*)(void *, size_t, size_t),
                                              void (*)(void *, size_t));
  extern int type___gmpz_init_set_str(number *, const char *, int);
  extern void type___gmpz_mul(number *, const number *, const number *);
  extern void type___gmpz_clear(number *);
  extern char *type___gmpz_get_str(char *, int, const number *);
#endif
  ((void (*)(void))find(LIBRARY, "lean_initialize_runtime_module"))();
  void *(*from_text)(const char *) = find(LIBRARY, "lean_cstr_to_nat");
  void *(*times)(void *, void *) = find(LIBRARY, "lean_nat_big_mul");
  void (*drop)(void *) = find(LIBRARY, "lean_dec_ref_cold");
  void *before = from_text("340282366920938463463374607431768211456");

  GMP(__gmp_set_memory_functions)(allocate, grow, release);
  number a, b;
  GMP(__gmpz_init_set_str)(&a, "340282366920938463463374607431768211456", 10);
  GMP(__gmpz_init_set_str)(&b, "1", 10);
  for (int i = 0; i < 8; i++) GMP(__gmpz_mul)(&b, &b, &a);
  long ours = living;
  void *product = times(before, before);
  drop(product);
  drop(before);
  char text[400];
  GMP(__gmpz_get_str)(text, 10, &b);
  int good = ours == 2 && living == 2 && strlen(text) == 309;
  GMP(__gmpz_clear)(&a);
  GMP(__gmpz_clear)(&b);
  good &= living == 0;
  printf("%ld of our blocks, then %ld; RESULT %s at %s\n", ours, living, good ? "True" : "False",
         LIBRARY == NULL ? "gmp-linked" : "gmp");
  return good ? 0 : 3;
}
