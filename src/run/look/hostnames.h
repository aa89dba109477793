#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "run/look/proc_directory.h"

namespace pidns {

/// Host names of processes. No file of /proc tells that of another uts namespace: it must be entered.
/// Each is entered once. This process is then in the last one: only for a program that looks and ends.
class Hostnames {
 public:
  explicit Hostnames(const ProcDirectory& proc);
  /// Nothing where the process is gone, or its uts namespace may not be entered.
  std::optional<std::string> of(int pid);

 private:
  std::optional<std::string> enter(int pid);

  const ProcDirectory& proc_;
  int self_;
  std::uint64_t first_ = 0;  ///< The uts namespace in which this process began.
  std::map<std::uint64_t, std::optional<std::string>> known_;
};

}  // namespace pidns
