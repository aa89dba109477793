#include "run/parent/title_area.h"

#include <unistd.h>

#include <cstring>

namespace pidns {
namespace {

// glibc hands main's arguments to the functions of .init_array; nothing else keeps them.
char** arguments = nullptr;
void keep_arguments(int, char** argv, char**) { arguments = argv; }
[[gnu::section(".init_array"), gnu::used]] void (*const keep)(int, char**, char**) = keep_arguments;

}  // namespace

TitleArea find_title_area() noexcept {
  if (arguments == nullptr || arguments[0] == nullptr) return {};
  char* end = arguments[0];
  // The strings stand one behind another, arguments first.
  auto extend = [&](char** strings) {
    for (; *strings != nullptr; ++strings)
      if (*strings == end) end += std::strlen(end) + 1;
  };
  extend(arguments);
  extend(environ);
  return {arguments[0], static_cast<std::size_t>(end - arguments[0])};
}

}  // namespace pidns
