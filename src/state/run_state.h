#pragma once

/// What a run tells other programs about itself while it lives: plain types, written by the
/// supervisor, read by `ps`, `tree`, `pid`, `exec`, `kill`, `stop`, `logs` and `wait`.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "spec/namespace_kind.h"

namespace pidns {

/// A process that a recycled pid cannot be taken for: proc_pid_stat(5), field 22.
struct ProcessIdentity {
  std::int32_t pid = 0;          ///< In the pid namespace of RunState::pid_namespace; 0: none.
  std::uint64_t start_time = 0;  ///< Clock ticks since boot.
};

/// A node as `exec` and `tree` need it. Its own first process leads into its namespaces.
struct NodeRecord {
  std::string address;                  ///< `/` for the root.
  std::uint32_t parent = 0;             ///< Index into RunState::nodes; itself for the root.
  std::optional<std::uint32_t> first;   ///< Index into RunState::processes: its first process, of ours or not.
  NamespaceSet unshared;
  NamespaceSet joined;
  std::string hostname;                 ///< As the spec sets it; empty: not set here.
  int kill_child = 0;                   ///< A signal; 0: `false`.
  std::optional<std::string> cwd;       ///< Of the node itself or handed down.
  std::optional<unsigned> umask;
  bool clear_env = false;               ///< Its environment, over that of who enters: as for its processes.
  std::vector<std::string> keep_env;
  struct Variable {
    std::string name;
    std::optional<std::string> value;   ///< Nothing: removed.
  };
  std::vector<Variable> env;
};

struct ProcessRecord {
  std::string address;                  ///< `ns1/web`, `ns1/.init`.
  std::uint32_t node = 0;               ///< Index into RunState::nodes: in which it is.
  std::string role;                     ///< `init`, `holder`, `command`.
  ProcessIdentity identity;
  bool is_pid1 = false;
  std::string command;                  ///< For people, in one line: `sleep infinity`.
  bool is_main = false;
};

struct RunState {
  static constexpr int current_version = 1;

  std::string name;
  std::string spec;                     ///< Absolute path of the file; `-` for standard input.
  std::int64_t started = 0;             ///< Seconds since 1970.
  ProcessIdentity supervisor;
  std::uint64_t pid_namespace = 0;      ///< Inode of the pid namespace in which all its pids count.
  bool detached = false;
  std::string log;                      ///< Where a detached run's output goes; empty: none.
  std::vector<NodeRecord> nodes;
  std::vector<ProcessRecord> processes;
};

}  // namespace pidns
