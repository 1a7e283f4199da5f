// What shows whether libstdc++ is the program's own: its streams, and the variables that
// std::call_once hands it, from many threads.
#include <iostream>
#include <mutex>
#include <thread>
#include <vector>

extern "C" void say() { std::cout << "inside" << std::flush; }

extern "C" int once_in_threads(int count) {
  std::vector<std::thread> threads;
  std::vector<int> ran(count, 0);
  std::once_flag together;
  int all = 0;
  for (int i = 0; i < count; i++)
    threads.emplace_back([&, i] {
      std::once_flag own;
      for (int n = 0; n < 100; n++) std::call_once(own, [&, i] { ran[i] += i + 1; });
      std::call_once(together, [&] { all++; });
    });
  for (std::thread &thread : threads) thread.join();
  for (int i = 0; i < count; i++)
    if (ran[i] != i + 1) return 0;
  return all;
}
