// Real-time signals queue (signal(7)). Two runtimes have a handler for one number, and both send
// before the thread can take any: each gets exactly what it has sent itself, in that order.
// library: alpha = guests/sender.c
// library: beta = guests/sender.c
#include <signal.h>
#include "guests/sender.h"
#include "support/check.h"

int main(void) {
  struct sender *guests[] = {alpha(), beta()};
  int number = SIGRTMIN + 5;
  for (int n = 0; n < 2; n++) guests[n]->install(number);
  sigset_t set;
  sigemptyset(&set), sigaddset(&set, number);
  int sent[2] = {0}, valued[2] = {0};
  for (int round = 0; round < 50; round++) {
    for (int way = 0; way < SENDER_WAYS; way++) {
      CHECK_EQ(pthread_sigmask(SIG_BLOCK, &set, 0), 0);
      for (int n = 0; n < 20; n++) {
        int who = (n * 7 + round) % 3 % 2;
        CHECK_EQ(guests[who]->send(pthread_self(), number, way, round * 1000 + way * 100 + n + 1),
                 0);
        sent[who]++, valued[who] += way < 2;
      }
      CHECK_EQ(pthread_sigmask(SIG_UNBLOCK, &set, 0), 0);
      for (int who = 0; who < 2; who++) {
        CHECK_EQ(guests[who]->got, sent[who]);
        CHECK_EQ(guests[who]->valued, valued[who]);
        CHECK_EQ(guests[who]->out_of_order, 0);
      }
    }
  }
}
