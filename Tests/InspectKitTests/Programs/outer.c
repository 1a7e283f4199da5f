extern int inner(int (*generated)(int (*)(void)), int (*end)(void));

int outer(int (*generated)(int (*)(void)), int (*end)(void)) { return inner(generated, end) + 1; }
