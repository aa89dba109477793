#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "spec/namespace_kind.h"
#include "sys/unique_fd.h"

namespace pidns {

/// A process whose namespaces are to be entered, with all that can be found out about it only from
/// outside. Its pidfd keeps meaning this process and no other.
struct Target {
  UniqueFd process;         ///< pidfd_open(2).
  UniqueFd root;            ///< Its root directory, O_PATH; where a mount kind is asked for.
  UniqueFd directory;       ///< Its working directory, likewise.
  NamespaceSet differing;   ///< Of the kinds asked for, those that are not ours already.
  bool maps_uid_0 = false;  ///< In a user namespace that is to be entered.
  bool maps_gid_0 = false;
  bool denies_setgroups = false;
  std::string problem;  ///< For people; empty where all could be opened.
};

/// `pid` as this process's pid namespace counts. With `start_time` (proc_pid_stat(5), field 22) only
/// the process that began then.
Target open_target(int pid, std::optional<std::uint64_t> start_time, NamespaceSet kinds);

}  // namespace pidns
