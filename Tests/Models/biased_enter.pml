/* A context that one thread enters again and again is biased to it: that thread goes in by plain
   stores and loads, and whoever else comes takes the bias away for good
   (Sources/CCoexist/include/ccoexist/enter.h). The processor may let the biased thread's look at
   `base` overtake its store to `inside`, which waits in the thread's store buffer meanwhile; the
   others' operations are locked ones, with nothing in a buffer behind them (x86-64: total store
   order).

   BARRIER = 0: whoever takes the bias away looks at `inside` at once. The store of the one who is
   on the way in may still be on its way to memory, and both are inside.
   BARRIER = 1: all threads pass a barrier first (membarrier(2)), but the context counts as shared
   before: a third thread that finds it so looks at `inside` too early as well.
   BARRIER = 2: it is "ending" until the barrier is over, and who finds it so has one of its own.

   Claims, checked in all interleavings: never two threads inside (the assertion), and somebody
   enters again and again (progress, with weak fairness). tools/model runs it. */

#ifndef BARRIER
#define BARRIER 2
#endif
#ifndef THREADS
#define THREADS 3
#endif
#define NOBODY 0
#define FIRST 1

mtype = {nobody, biased, ending, shared};
mtype base = nobody;
byte inside = NOBODY;         /* as it is in memory */
byte owner = NOBODY;
byte within = 0;              /* how many threads are in the context */
chan stored = [3] of {byte};  /* the biased thread's stores to `inside`, on their way to memory */

/* The processor writes when it likes to. */
active proctype memory() {
  byte value;
end:
  do
  :: atomic { stored?value -> inside = value; value = NOBODY }
  od
}
/* A locked instruction of the biased thread, or a barrier that another asks for: all is written. */
inline drains(value) {
  do
  :: stored?value -> inside = value
  :: empty(stored) -> value = NOBODY; break
  od
}
inline is_inside() {
  within++;
  assert(within == 1);
progress:
  within--
}

/* Entered.ownShared, after coexist_bias_end. me: number of the thread. */
inline enters_shared(me) {
  atomic { owner == NOBODY -> owner = me }
  if
  :: inside == NOBODY -> is_inside()
  :: else  /* EBUSY */
  fi;
  owner = NOBODY
}

/* coexist_bias_take, coexist_inside_take; in between coexist_enter_1. */
active proctype first() {
  byte left = NOBODY;
  do
  :: atomic { base == nobody -> drains(left); base = biased }
  :: base == biased ->
     stored!1;
     if
     :: base == biased -> is_inside(); stored!NOBODY
     :: else -> stored!NOBODY
     fi
  :: atomic { base == ending || base == shared -> drains(left) }
     enters_shared(FIRST)
  od
}

proctype other(byte me) {
  byte left = NOBODY;
  do
  :: true ->
     /* coexist_bias_end */
     if
     :: base == shared
     :: atomic { base == nobody -> base = shared }
     :: base == biased || base == ending ->
        base = (BARRIER == 2 -> ending : shared);
        if
        :: BARRIER -> atomic { drains(left) }
        :: else
        fi;
        base = shared
     fi;
     enters_shared(me)
  od
}

init {
  atomic {
    byte n = 2;
    do
    :: n <= THREADS -> run other(n); n++
    :: else -> break
    od
  }
}
