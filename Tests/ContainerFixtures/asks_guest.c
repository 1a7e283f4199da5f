// One of two libraries that need each other (OTHER), or one that needs what is not there.
#ifdef LACKS
int not_anywhere(void);
int down(int depth) { return depth + not_anywhere(); }
#else
int OTHER(int depth);
int MINE(int depth) { return depth <= 0 ? 0 : 1 + OTHER(depth - 1); }
#endif
