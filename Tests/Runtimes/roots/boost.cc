// Fibers of Boost.Context over objects of a collector.
#include <boost/context/fiber.hpp>
#include <utility>

namespace {
constexpr int count = 64;
using Make = void *(*)(int);
using Check = int (*)(void **);
}  // namespace

extern "C" int boost_suspended(Make make, Check check, void (*collect)()) {
  int result = 0;
  boost::context::fiber fiber{[&](boost::context::fiber &&home) {
    void *places[count];
    for (int i = 0; i < count; i++) places[i] = make(i);
    home = std::move(home).resume();
    result = check(places);
    return std::move(home);
  }};
  fiber = std::move(fiber).resume();
  collect();
  fiber = std::move(fiber).resume();
  return result;
}

extern "C" int boost_collects(Make make, Check check, void (*collect)()) {
  int result = 0;
  void *outside[count];
  for (int i = 0; i < count; i++) outside[i] = make(i);
  boost::context::fiber fiber{[&](boost::context::fiber &&home) {
    void *places[count];
    for (int i = 0; i < count; i++) places[i] = make(i);
    collect();
    result = check(places);
    return std::move(home);
  }};
  fiber = std::move(fiber).resume();
  return result + check(outside);
}
