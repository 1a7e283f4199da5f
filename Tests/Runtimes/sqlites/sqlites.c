// sqlites OLD VERSION NEW VERSION: two versions of SQLite in one process, loaded as Mojo loads (NOW
// and GLOBAL), used from four threads. What is registered with one is not the other's.
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct sqlite {
  int (*open)(const char *, void **), (*close)(void *);
  int (*execute)(void *, const char *, int (*)(void *, int, char **, char **), void *, char **);
  int (*add_extension)(void (*)(void));
  const char *wanted;
  int wrong, extended;
};

static struct sqlite sqlites[2];

// sqlite3_auto_extension's function: for each connection that this SQLite opens.
#define EXTENSION(n)                                                              \
  static int extend##n(void *database, char **error, const void *interface) {    \
    (void)database, (void)error, (void)interface;                                 \
    return __atomic_fetch_add(&sqlites[n].extended, 1, __ATOMIC_RELAXED), 0;       \
  }
EXTENSION(0) EXTENSION(1)

static void open_library(struct sqlite *sqlite, const char *library, const char *wanted) {
  void *handle = dlopen(library, RTLD_NOW | RTLD_GLOBAL);
  if (handle == NULL) printf("%s\n", dlerror()), exit(1);
#define FUNCTION(field, symbol) sqlite->field = (__typeof__(sqlite->field))dlsym(handle, symbol)
  FUNCTION(open, "sqlite3_open"), FUNCTION(close, "sqlite3_close");
  FUNCTION(execute, "sqlite3_exec"), FUNCTION(add_extension, "sqlite3_auto_extension");
  sqlite->wanted = wanted;
}

static int keep(void *text, int count, char **values, char **names) {
  (void)names;
  return count != 1 || snprintf(text, 64, "%s", values[0]) < 0;
}

static void expect(struct sqlite *sqlite, void *database, const char *question,
                   const char *answer) {
  char text[64] = "";
  if (sqlite->execute(database, question, keep, text, NULL) != 0 || strcmp(text, answer) != 0) {
    printf("%s: %s -> %s, not %s\n", sqlite->wanted, question, text, answer);
    __atomic_fetch_add(&sqlite->wrong, 1, __ATOMIC_RELAXED);
  }
}

enum { ROUNDS = 25 };

static void *work(void *argument) {
  struct sqlite *sqlite = argument;
  for (int round = 0; round < ROUNDS; round++) {
    void *database = NULL;
    if (sqlite->open(":memory:", &database) != 0) return sqlite->wrong++, NULL;
    expect(sqlite, database, "select sqlite_version()", sqlite->wanted);
    sqlite->execute(database, "create table t(a integer primary key, b text)", NULL, NULL, NULL);
    sqlite->execute(database, "with recursive n(i) as (values(1) union all select i + 1 from n "
                              "where i < 500) insert into t select i, 'row ' || i from n", NULL,
                    NULL, NULL);
    expect(sqlite, database, "select sum(a) from t where b like 'row %'", "125250");
    expect(sqlite, database, "select json_extract('{\"a\":[1,2,3]}', '$.a[2]')", "3");
    if (sqlite->close(database) != 0) sqlite->wrong++;
  }
  return NULL;
}

int main(int count, char **words) {
  pthread_t ids[4];
  if (count != 5) return 64;
  for (int i = 0; i < 2; i++) open_library(&sqlites[i], words[1 + 2 * i], words[2 + 2 * i]);
  sqlites[0].add_extension((void (*)(void))extend0);
  sqlites[1].add_extension((void (*)(void))extend1);
  for (int i = 0; i < 4; i++) pthread_create(&ids[i], NULL, work, &sqlites[i % 2]);
  for (int i = 0; i < 4; i++) pthread_join(ids[i], NULL);
  int failures = 0;
  for (int i = 0; i < 2; i++) {
    int passed = sqlites[i].wrong == 0 && sqlites[i].extended == 2 * ROUNDS;
    if (!passed) printf("%d wrong, extended %d times\n", sqlites[i].wrong, sqlites[i].extended);
    failures += !passed;
    printf("RESULT %s at sqlite-%s\n", passed ? "True" : "False", sqlites[i].wanted);
  }
  return failures;
}
