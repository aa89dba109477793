#pragma once

#include <cstddef>

namespace pidns {

/// The memory that /proc/PID/cmdline shows: argv, and the environment right behind it.
struct TitleArea {
  char* begin = nullptr;
  std::size_t size = 0;
};

TitleArea find_title_area() noexcept;

}  // namespace pidns
