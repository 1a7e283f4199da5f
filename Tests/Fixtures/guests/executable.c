// A library that asks for executable stacks, as GHC's does: it is linked with -z execstack.
void NAME(void);
void NAME(void) {}
