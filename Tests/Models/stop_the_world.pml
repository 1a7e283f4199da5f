/* Two runtimes stop the world by signals, each as Boehm's collector, Mono and D do: the initiator
   sends every other thread the suspend signal, waits until all have acknowledged, collects, and
   sends the restart signal; a handler acknowledges and waits in sigsuspend for its restart.
   Every thread belongs to both runtimes, the worst case.

   OPEN = 0: natively. In sigsuspend everything but the own restart signal is blocked, because the
   mask of a handler that stops the world is full (bdwgc pthread_stop_world.c, GC_suspend_handler).
   OPEN = 1: under coexist. What the other runtime needs stays open in a wait and in a handler
   (Sources/CoexistCore/Signals/MaskCalls.swift: Waits, Needs; HandlerMask.swift).

   SERIAL = 0: both may stop the world at once. OPEN alone does not help then: when each initiator is
   stopped by the other, neither is left to restart anybody.
   SERIAL = 1: whoever begins waits, stoppable, until the other has begun to restart. That is not
   enough: its initiator may be stopped before it has restarted a thread whose handler of the one
   that begins has acknowledged its restart, but not returned, and keeps that one's signal out.
   SERIAL = 2: until the other has sent its last restart signal
   (Sources/CoexistCore/Signals/World.swift).

   Claims, checked in all interleavings: no deadlock (no invalid end state), no thread that is asked
   twice at once (the assertions), and both runtimes collect again and again (progress, with weak
   fairness). tools/model runs it. */

#ifndef OPEN
#define OPEN 1
#endif
#ifndef SERIAL
#define SERIAL 2
#endif
#ifndef THREADS
#define THREADS 3
#endif
#define RUNTIMES 2
#define NOBODY 2

#define AT(r, t) ((r) * THREADS + (t))

bool suspend[RUNTIMES * THREADS];  /* a suspend signal is pending for the thread */
bool restart[RUNTIMES * THREADS];  /* the restart signal has come */
byte acknowledged[RUNTIMES];
mtype = {stops, restarts, looks};
byte world = NOBODY;               /* the runtime that stops it */

/* Handlers on a thread's stack: at most one of each runtime, since each blocks its own signal. */
#define DEPTH ((below != NOBODY) + (top != NOBODY))
#define PARKED(r) (top == (r) || below == (r))
/* Is the thread's mask open for the runtime's suspend signal? */
#define OPEN_FOR(r) (!PARKED(r) && (top == NOBODY || OPEN))

inline signals(r) {
  /* The suspend signal is delivered. */
  d_step {
    suspend[AT(r, me)] = false;
    assert(below == NOBODY);
    below = top;
    top = r;
    acknowledged[r]++;
    assert(acknowledged[r] < THREADS);
  }
}

inline resumes(r) {
  /* sigsuspend returns; the handler has yet to. */
  d_step {
    restart[AT(r, me)] = false;
    leaves[r] = true;
  }
}
inline returns() {
  d_step {
    leaves[top] = false;
    top = below;
    below = NOBODY;
  }
}

#define WORKS (top == NOBODY && mine != NOBODY)

/* me: number of the thread. mine: the runtime that it collects for; NOBODY = it only works. */
proctype thread(byte me; byte mine) {
  byte top = NOBODY, below = NOBODY, other = 0;
  bool leaves[RUNTIMES + 1];  /* the runtime's handler on this thread is about to return */
  mtype does = stops;
  do
  :: suspend[AT(0, me)] && OPEN_FOR(0) -> signals(0)
  :: suspend[AT(1, me)] && OPEN_FOR(1) -> signals(1)
  :: top == 0 && restart[AT(0, me)] -> resumes(0)
  :: top == 1 && restart[AT(1, me)] -> resumes(1)
  :: top != NOBODY && leaves[top] -> returns()
  :: WORKS && other == me -> other++
  :: atomic {
       /* Sends one suspend signal; with SERIAL a compare-and-exchange of `world` comes first. */
       WORKS && does == stops && other < THREADS && other != me &&
       (!SERIAL || world == NOBODY || world == mine) ->
       world = mine;
       assert(!suspend[AT(mine, other)]);
       suspend[AT(mine, other)] = true;
       other++
     }
  :: WORKS && does == stops && other == THREADS && acknowledged[mine] == THREADS - 1 ->
     /* The world stands: collects. */
progress:
     d_step { acknowledged[mine] = 0; does = restarts; other = 0 }
  :: atomic {
       /* Sends one restart signal; the first one lets the other runtime begin, or the last. */
       WORKS && does == restarts && other < THREADS && other != me ->
       restart[AT(mine, other)] = true;
       other++;
       if
       :: world == mine && (SERIAL == 1 || other == THREADS ||
                            (other == me && other == THREADS - 1)) -> world = NOBODY
       :: else
       fi
     }
  :: WORKS && does == restarts && other == THREADS -> does = looks; other = 0
     /* As Boehm's: the next stop begins when all have seen the restart. */
  :: WORKS && does == looks && other < THREADS && other != me && !restart[AT(mine, other)] ->
     other++
  :: WORKS && does == looks && other == THREADS -> does = stops; other = 0
  od
}

init {
  atomic {
    byte n = 2;
    run thread(0, 0);
    run thread(1, 1);
    do
    :: n < THREADS -> run thread(n, NOBODY); n++
    :: else -> break
    od
  }
}
