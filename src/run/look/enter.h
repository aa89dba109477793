#pragma once

/// A command in the namespaces of a process that runs: `pidns enter` and `pidns exec`.

#include <cstdint>
#include <optional>
#include <string>

#include "plan/step.h"
#include "spec/namespace_kind.h"

namespace pidns {

struct Entry {
  int pid = 0;                              ///< As this process's pid namespace counts.
  std::optional<std::uint64_t> start_time;  ///< Only the process that began then: proc_pid_stat(5), field 22.
  NamespaceSet kinds = NamespaceSet::all();
  Exec exec;         ///< Without words: the caller's shell, where it is there, else /bin/sh.
  std::string name;  ///< For PIDNS_NAME and PIDNS_PATH; without one they stay as they are.
  std::string address;
  /// Nothing: the working directory of the process; a mount namespace that is not asked for leaves ours.
  std::optional<ChangeDirectory> directory;
  std::optional<SetUmask> umask;
  /// Where an id is asked for. Nothing: 0 in a user namespace that maps it and is entered, else unchanged.
  std::optional<Identity> user;
  std::optional<Identity> group;
  int kill_child = 9;  ///< What the kernel sends to the command when this process dies; 0: nothing.
};

struct EntryResult {
  int status = 125;     ///< As for `pidns run`.
  int die_of = 0;       ///< The signal that the command died of; 0: none, or one to report only.
  std::string problem;  ///< For people; empty where the command ran.
};

/// Does so, and waits for the command's end. This process is in the namespaces afterwards, all but pid.
EntryResult enter(Entry entry);

}  // namespace pidns
