// Opened from inside: it needs names of the library inside.
extern int bump_global(void);
int plugin(void) { return bump_global(); }
