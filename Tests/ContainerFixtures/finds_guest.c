// A library in several variants, and (-DASKS) one that needs it.
#ifdef ASKS
int which(void);
int asks(void) { return which(); }
#else
int which(void) { return VARIANT; }
#endif
