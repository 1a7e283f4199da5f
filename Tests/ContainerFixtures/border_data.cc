#include "border.h"

#include <errno.h>
#include <locale.h>
#include <unistd.h>
#include <string.h>

static int apart(const char *name) {
  auto first = guest<int (*)()>(name), second = guest<int (*)()>(name, another);
  return first() == 2 && first() == 3 && second() == 2;
}
static int globals() { return apart("bump_global"); }
static int tls_general() { return apart("bump_gd"); }
static int tls_initial() { return apart("bump_ie"); }
static int tls_local() { return apart("bump_ld"); }
static int tls_by_dlsym() {
  GUEST(int (*)(), bump_gd)();
  return *GUEST(int *, guest_gd) == 2 && *guest<int *>("guest_gd", another) == 1;
}
static void *tls_fresh(void *) {
  return (void *)(long)(guest<int (*)()>("bump_gd")() == 2 && guest<int (*)()>("bump_ie")() == 2);
}
static int tls_threads() {
  apart("bump_gd"), apart("bump_ie");
  pthread_t id;
  void *result;
  pthread_create(&id, nullptr, tls_fresh, nullptr);
  pthread_join(id, &result);
  return result != nullptr;
}
static const size_t sizes[] = {16, 2000, 100000, 1 << 20};
static int freed_inside() {
  auto release = GUEST(void (*)(void *), release);
  for (size_t size : sizes) release(malloc(size));
  return 1;
}
static int freed_outside() {
  auto allocate = GUEST(void *(*)(size_t), allocate);
  for (size_t size : sizes) free(allocate(size));
  return 1;
}
static int resized() {
  char *text = (char *)GUEST(void *(*)(void *, size_t), resize)(strdup("kept"), 200000);
  int good = strcmp(text, "kept") == 0;
  free(text);
  return good;
}
static int file_across() {
  char *text;
  size_t size;
  FILE *file = open_memstream(&text, &size);
  fputs("a", file);
  GUEST(int (*)(FILE *, const char *), print_to)(file, "b");
  fputs("c", file);
  fclose(file);
  int good = strcmp(text, "abc") == 0;
  free(text);
  return good;
}
static int one_stdout() { return GUEST(FILE * (*)(), standard_output)() == stdout; }
static int one_buffer() {
  char text[64] = "";
  FILE *file = tmpfile();
  dup2(fileno(file), 1);
  printf("1");
  GUEST(void (*)(const char *), say)("2");
  printf("3");
  GUEST(void (*)(const char *), say_stream)("4");
  fflush(stdout);
  rewind(file);
  return fgets(text, sizeof text, file) && strcmp(text, "1234") == 0;
}
static int one_errno() {
  GUEST(void (*)(int), set_errno)(77);
  int there = errno;
  errno = 78;
  return there == 77 && GUEST(int (*)(), get_errno)() == 78;
}
static int one_locale() {
  return setlocale(LC_ALL, "C.UTF-8") != nullptr &&
         strcmp(GUEST(const char *(*)(const char *), set_locale)(nullptr), "C.UTF-8") == 0 &&
         GUEST(const char *(*)(const char *), set_locale)("C") != nullptr &&
         strcmp(setlocale(LC_ALL, nullptr), "C") == 0;
}
static int one_thread_locale() {
  locale_t mine = newlocale(LC_ALL_MASK, "C.UTF-8", nullptr);
  uselocale(mine);
  return mine && GUEST(locale_t(*)(), thread_locale)() == mine;
}
static int one_environment() {
  setenv("OUTSIDE", "1", 1);
  GUEST(int (*)(const char *, const char *), set_variable)("INSIDE", "2");
  const char *outside = GUEST(const char *(*)(const char *), variable)("OUTSIDE");
  return outside && strcmp(outside, "1") == 0 && getenv("INSIDE") &&
         strcmp(getenv("INSIDE"), "2") == 0;
}
static int keys() {
  pthread_key_t outer, inner;
  pthread_key_create(&outer, nullptr);
  pthread_setspecific(outer, (void *)1);
  GUEST(int (*)(pthread_key_t *, void (*)(void *)), make_key)(&inner, nullptr);
  GUEST(int (*)(pthread_key_t, void *), set_key)(inner, (void *)2);
  return pthread_getspecific(outer) == (void *)1 && pthread_getspecific(inner) == (void *)2;
}
static pthread_key_t watched;
static int ended;
static void end(void *) { ended++; }
static void *with_key(void *) {
  GUEST(int (*)(pthread_key_t, void *), set_key)(watched, (void *)3);
  return nullptr;
}
static int key_destructor() {
  pthread_t id;
  GUEST(int (*)(pthread_key_t *, void (*)(void *)), make_key)(&watched, end);
  pthread_create(&id, nullptr, with_key, nullptr);
  pthread_join(id, nullptr);
  return ended == 1;
}
static int one_random() {
  srand(5);
  unsigned first = (unsigned)rand(), second = (unsigned)rand();
  srand(5);
  unsigned inner = GUEST(unsigned (*)(), next_random)();
  return inner == first && (unsigned)rand() == second;
}
static int one_strtok() {
  char text[] = "a b";
  return GUEST(long (*)(char *), token)(text) && strcmp(strtok(nullptr, " "), "b") == 0;
}

const Row data_rows[] = {
    {"globals_apart", globals},
    {"tls_general_dynamic_apart", tls_general},
    {"tls_initial_exec_apart", tls_initial},
    {"tls_local_dynamic_apart", tls_local},
    {"tls_by_dlsym", tls_by_dlsym},
    {"tls_on_fresh_thread", tls_threads},
    {"free_inside", freed_inside},
    {"free_outside", freed_outside},
    {"realloc_inside", resized},
    {"file_across", file_across},
    {"one_stdout", one_stdout},
    {"one_output_buffer", one_buffer},
    {"one_errno", one_errno},
    {"one_locale", one_locale},
    {"one_thread_locale", one_thread_locale},
    {"one_environment", one_environment},
    {"keys_apart", keys},
    {"key_destructor", key_destructor},
    {"one_rand", one_random},
    {"one_strtok", one_strtok},
    {nullptr, nullptr},
};
