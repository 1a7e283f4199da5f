// Work for the Boehm collector: threads that it knows allocate while the world is stopped.
#define GC_THREADS
#include <gc.h>
#include <stddef.h>

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

void bo_start(void) { GC_INIT(); }

// Returns 0 when what the threads kept is still there.
int bo_gc(void) {
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
