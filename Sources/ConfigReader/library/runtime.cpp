// The little of the C++ runtime that the reader can reach, without exceptions. libstdc++'s own
// would bring the unwinder, locales, and a pool that is allocated as the library is loaded.
// Only libcoexist-config.so has this file: a program that links the reader keeps its own.
#include <charconv>
#include <cstdlib>
#include <memory>
#include <new>
#include <string>

// There is no memory, or the reader has a bug: neither can be reported from here.
#define FATAL(declaration) \
  void declaration { std::abort(); }

void *operator new(size_t size) {
  void *memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) std::abort();
  return memory;
}

void *operator new(size_t size, std::align_val_t alignment) {
  const auto align = static_cast<size_t>(alignment);
  void *memory = std::aligned_alloc(align, (size + align - 1) / align * align);
  if (memory == nullptr) std::abort();
  return memory;
}

void operator delete(void *memory) noexcept { std::free(memory); }
void operator delete(void *memory, size_t) noexcept { std::free(memory); }
void operator delete(void *memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void *memory, size_t, std::align_val_t) noexcept { std::free(memory); }

namespace std {

// Else libstdc++'s instance is taken, which can throw.
template class basic_string<char>;

FATAL(__throw_length_error(const char *))
FATAL(__throw_logic_error(const char *))
FATAL(__throw_out_of_range_fmt(const char *, ...))
FATAL(__throw_bad_alloc())
FATAL(__throw_bad_array_new_length())

// Asked only for a type_info of another library; there is none.
bool _Sp_make_shared_tag::_S_eq(const type_info &) noexcept { return false; }

// No key is a float, so its value matters to nobody; toml++ has checked each character before.
from_chars_result from_chars(const char *, const char *last, double &value,
                             chars_format) noexcept {
  value = 0;
  return {last, errc{}};
}

}  // namespace std

extern "C" {
FATAL(__cxa_pure_virtual())
}
