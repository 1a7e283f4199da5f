// Work for the Boehm collector: threads that it knows allocate while the world is stopped.
#define GC_THREADS
#include <gc.h>
#include <stddef.h>
#include <unistd.h>

struct node { struct node *next; long value; };

static struct node *list(long length) {
    struct node *head = NULL;
    for (long i = 0; i < length; i++) {
        struct node *node = GC_MALLOC(sizeof *node);
        node->next = head;
        node->value = i;
        head = node;
    }
    return head;
}

static long sum(const struct node *node) {
    long total = 0;
    for (; node; node = node->next) total += node->value;
    return total;
}

static void *worker(void *unused) {
    (void)unused;
    struct node *kept = list(1000);
    for (int i = 0; i < 100; i++) list(1000);
    return (void *)(ptrdiff_t)(sum(kept) == 499500);
}

void bo_start(void) {
    GC_INIT();
    GC_allow_register_threads();
}

static int enter(void) {
    struct GC_stack_base base;
    if (GC_thread_is_registered()) return 0;
    GC_get_stack_base(&base);
    return GC_register_my_thread(&base) == GC_SUCCESS;
}

static int collect(void) {
    pthread_t threads[2];
    struct node *kept = list(1000);
    int wrong = 0;
    for (int i = 0; i < 2; i++) pthread_create(&threads[i], NULL, worker, NULL);
    for (int i = 0; i < 20; i++) GC_gcollect();
    for (int i = 0; i < 2; i++) {
        void *right;
        pthread_join(threads[i], &right);
        wrong |= !right;
    }
    return wrong || sum(kept) != 499500;
}

// Works on this thread, which the collector gets to know when it does not; returns 0 when what the
// threads kept is still there.
int bo_gc(void) {
    int entered = enter();
    int wrong = collect();
    if (entered) GC_unregister_my_thread();
    return wrong;
}

struct visit { int (*call)(void); int right; };

static void *visitor(void *argument) {
    struct visit *visit = argument;
    struct node *kept = list(1000);
    visit->call();
    visit->right = sum(kept) == 499500;
    return NULL;
}

// Collects while a thread that the collector knows is inside CALL, which takes about a second.
int bo_gc_during(int (*call)(void)) {
    struct visit visit = {.call = call};
    pthread_t thread;
    pthread_create(&thread, NULL, visitor, &visit);
    for (int i = 0; i < 8; i++) {
        usleep(100000);
        GC_gcollect();
    }
    pthread_join(thread, NULL);
    return !visit.right;
}
