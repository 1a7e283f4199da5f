// A guest with many variables: every second one of them is a range; two of it have no room.
#define MORE(t) EACH_OF(t, 0) EACH_OF(t, 1) EACH_OF(t, 2) EACH_OF(t, 3)
#define EACH_OF(t, ten) \
  t(ten##0) t(ten##1) t(ten##2) t(ten##3) t(ten##4) \
  t(ten##5) t(ten##6) t(ten##7) t(ten##8) t(ten##9)
#define VARIABLE(n) __thread long v##n;
#define SET(n) v##n = number;
#define SAME(n) && v##n == number
MORE(VARIABLE)
void guest_set(long number) { MORE(SET) }
int guest_check(long number) { return 1 MORE(SAME); }
