// C++ is the host. Lean 4 is linked, in front of the C++ library: it brings half of an unwinder,
// and bare the first throw ends the process. Mojo's tasks need a runtime that no Mojo program has
// made.
#include <iostream>
#include <stdexcept>

#include "guests.h"

static int caught() {
  int count = 0;
  for (int i = 0; i < 10; i++) {
    try {
      throw std::runtime_error("thrown");
    } catch (const std::exception &) {
      count++;
    }
  }
  return count;
}

int main() {
  std::cout << "exceptions caught: " << caught() << std::endl;
  std::cout << "Mojo's tasks: " << mojo_squares(3) << std::endl;
  std::cout << "Lean answered: " << (lean_start() && lean_solves()) << std::endl;
  std::cout << "exceptions caught: " << caught() << std::endl;
  std::cout << "a million calls deep: " << lean_counts_deep(1000000) << std::endl;
}
