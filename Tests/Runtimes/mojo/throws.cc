// A C++ library that throws, and catches what it has thrown.
#include <stdexcept>
#include <string>

namespace {
struct Cleanup {
  int &count;
  ~Cleanup() { count++; }
};
void thrower(int depth, int &count) {
  Cleanup cleanup{count};
  if (depth == 0) throw std::runtime_error("thrown");
  thrower(depth - 1, count);
}
}  // namespace

extern "C" long throws_and_catches() {
  int count = 0;
  for (int round = 0; round < 3; round++) {
    try {
      thrower(5, count);
      return 0;
    } catch (const std::exception &error) {
      if (error.what() != std::string("thrown")) return 0;
    }
  }
  return count == 18;
}
