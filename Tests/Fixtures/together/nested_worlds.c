// A handler of one collector runs inside a handler of the other. Each handler still keeps its own
// signal out until it has returned, and gets it then; the other one's signal comes through at once.
// library: alpha = guests/world.c
// library: beta = guests/world.c
#include "guests/world.h"
#include "support/check.h"

static int alphas, betas, depth_of_alpha, depth_of_beta;

static void in_beta(void) {
  CHECK_EQ(depth_of_beta, 0);
  depth_of_beta++;
  if (betas++ == 0) {
    alpha()->signal_myself();  // blocked two handlers further out
    beta()->signal_myself();   // blocked here
    CHECK_EQ(alphas, 1);
    CHECK_EQ(betas, 1);
  }
  depth_of_beta--;
}
static void in_alpha(void) {
  CHECK_EQ(depth_of_alpha, 0);
  depth_of_alpha++;
  if (alphas++ == 0) {
    beta()->signal_myself();
    CHECK_EQ(betas, 2);  // the second time when beta's handler had returned
    CHECK_EQ(alphas, 1);
  }
  depth_of_alpha--;
}

int main(void) {
  alpha()->begin(), beta()->begin();
  alpha()->inside = in_alpha, beta()->inside = in_beta;
  alpha()->signal_myself();
  CHECK_EQ(alphas, 2);
  CHECK_EQ(betas, 2);
}
