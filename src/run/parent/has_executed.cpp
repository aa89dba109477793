#include "run/parent/has_executed.h"

#include <cstdlib>

namespace pidns {

/// proc_pid_stat(5): the ninth field, after a name that may hold anything.
bool has_executed(std::string_view stat) noexcept {
  constexpr unsigned long forked_and_not_executed = 0x40;  // PF_FORKNOEXEC of linux/sched.h
  constexpr int fields_between = 7;
  std::size_t at = stat.rfind(')');
  for (int field = 0; field < fields_between && at != std::string_view::npos; ++field) at = stat.find(' ', at + 1);
  if (at == std::string_view::npos) return false;
  return (std::strtoul(stat.data() + at + 1, nullptr, 10) & forked_and_not_executed) == 0;
}

}  // namespace pidns
