#pragma once

/// What /proc shows of pid namespaces and of the processes in them: plain types, filled by
/// run/look/machine, drawn by render/tree.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace pidns {

/// The inode of the first pid namespace of a machine: include/linux/proc_ns.h.
inline constexpr std::uint64_t initial_pid_namespace = 0xEFFFFFFC;

struct SeenProcess {
  std::int32_t pid = 0;  ///< As /proc names it.
  /// NSpid: its pid in the pid namespace of /proc, then one level further in each. Empty: gone, or hidden.
  std::vector<std::int32_t> levels;
  std::uint64_t pid_namespace = 0;      ///< Inode of its own; 0 where the kernel does not show it to us.
  std::optional<std::string> hostname;  ///< Of its uts namespace; nothing where that may not be entered.
  std::string command;                  ///< Its words with blanks between, or `[comm]` where it has none.
  bool is_waiting = false;              ///< One of an instance that has not executed yet; else not looked for.
};

struct SeenNamespace {
  std::uint64_t inode = 0;
  std::uint64_t parent = 0;  ///< Inode; 0: outside of what may be seen from here.
  std::size_t count = 0;     ///< Processes in it that /proc shows.
  /// Index into Machine::processes: its PID 1, or where that is not to be seen the first of the others.
  std::optional<std::size_t> first;
};

struct Machine {
  std::uint64_t own = 0;                  ///< Inode of the pid namespace of who looks.
  std::vector<SeenNamespace> namespaces;  ///< In the order in which /proc shows their processes.
  std::vector<SeenProcess> processes;
  std::size_t concealed = 0;  ///< Processes whose namespaces may not be looked at.
  /// Those of them that are in a deeper pid namespace than /proc's: only `pid` and `levels` are known.
  std::vector<SeenProcess> concealed_deeper;
  bool hides = false;  ///< /proc shows no PID 1: mounted with hidepid, it hides more.
};

/// From a pid namespace's inode to that of the one around it; 0 where that can't be seen.
using NamespaceParents = std::unordered_map<std::uint64_t, std::uint64_t>;

inline NamespaceParents parents_of(const Machine& machine) {
  NamespaceParents parents;
  parents.reserve(machine.namespaces.size());
  for (const SeenNamespace& each : machine.namespaces) parents.emplace(each.inode, each.parent);
  return parents;
}

/// The namespaces in which the numbers of SeenProcess::levels count; 0 where that is not shown to us.
inline std::vector<std::uint64_t> namespaces_of(const SeenProcess& process, const NamespaceParents& parents) {
  std::vector<std::uint64_t> inodes(process.levels.size(), 0);
  // NSpid ends with the innermost: upwards from there.
  std::uint64_t inode = process.pid_namespace;
  for (std::size_t level = inodes.size(); level > 0 && inode != 0; --level) {
    inodes[level - 1] = inode;
    const auto outer = parents.find(inode);
    inode = outer == parents.end() ? 0 : outer->second;
  }
  return inodes;
}

/// Its pid in the pid namespace of that inode; 0 where it is in none within that.
inline std::int32_t pid_in(const SeenProcess& process, std::uint64_t inode, const NamespaceParents& parents) {
  const std::vector<std::uint64_t> inodes = namespaces_of(process, parents);
  for (std::size_t level = 0; level < inodes.size(); ++level)
    if (inodes[level] == inode && inode != 0) return process.levels[level];
  return 0;
}

}  // namespace pidns
