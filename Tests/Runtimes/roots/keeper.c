// A library that keeps pointers of others.
enum { COUNT = 64 };
static void *data[COUNT];
static _Thread_local void *local[COUNT];
void **keeper_data(void) { return data; }
void **keeper_local(void) { return local; }
