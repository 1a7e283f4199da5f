// A guest whose state holds no address of itself: its values can be moved.
#ifndef ROOM
#define ROOM 1
#endif
static __thread long value = -1, calls, more[ROOM];
void guest_set(long number) { value = number, calls = 0, more[ROOM - 1] = number; }
int guest_check(long number) { return calls++, value == number && more[ROOM - 1] == number; }
#ifdef ALIAS
__asm__(".globl same\n.set same, value\n.type same, @tls_object\n.size same, 8");
#endif
