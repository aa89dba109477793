#pragma once

/// What runs, as a picture: pid namespaces nested, each process with its pid at every level. Pure:
/// state/machine.h and state/run_state.h say what was seen.

#include <cstdint>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "state/machine.h"
#include "state/run_state.h"

namespace pidns {

struct TreeNamespace {
  std::uint64_t inode = 0;
  std::uint64_t parent = 0;   ///< 0: outside of sight.
  std::string title;          ///< Heads its column: `ns1`, `host`.
  std::size_t processes = 0;  ///< How many /proc shows; 0: they were not counted.
};

/// One line: a namespace's first process, a process, or a node without one.
struct TreeRow {
  std::size_t parent = 0;  ///< Index of the row around it; its own for one at the left.
  std::string label;
  std::string address;  ///< In the instance; empty elsewhere.
  std::string role;     ///< `init`, `holder`, `command`, `supervisor`, `node`; empty elsewhere.
  std::string command;
  bool is_waiting = false;  ///< Which it has not executed yet.
  /// Outermost first, and the namespaces in which they count (0: the kernel does not show it).
  std::vector<std::int32_t> pids;
  std::vector<std::uint64_t> counted_in;
  std::string hostname;
  std::size_t processes = 0;  ///< In the namespace that this row stands for; 0: it stands for none.
};

struct TreePicture {
  std::string title;     ///< `three-levels, up 2 min`.
  std::string instance;  ///< Empty for the whole machine.
  std::vector<TreeNamespace> namespaces;
  std::vector<TreeRow> rows;       ///< Preorder.
  std::vector<std::string> notes;  ///< What can't be seen, said plainly; a sentence each.
};

/// All pid namespaces; `every_process` as for look_at_machine. `instances`: to name what is theirs.
TreePicture tree_of(const Machine& machine, const std::vector<RunState>& instances, bool every_process);

/// One instance. `seen`: its supervisor, then its processes, as look_at_processes answers; those that
/// are gone, or are not the same any more, without levels. `now`: seconds since 1970.
TreePicture tree_of(const RunState& state, const Machine& seen, std::int64_t now);

std::string tree_text(const TreePicture& picture, TextStyle style);
std::string tree_json(const TreePicture& picture);
std::string tree_dot(const TreePicture& picture);

/// To which instance a process belongs; all empty where to none.
struct ProcessOwner {
  std::string instance;
  std::string address;
  std::string role;
};

/// The first process of `machine`, with its pid at every level.
std::string pid_text(const Machine& machine, const ProcessOwner& owner);
std::string pid_json(const Machine& machine, const ProcessOwner& owner);

}  // namespace pidns
