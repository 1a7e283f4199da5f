// The library of modules.c.
__thread int state;
int touch(void) { return ++state; }
