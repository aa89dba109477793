#pragma once

/// The parts of the plan as a script: what each knows, and says about what it can't.

#include <string>
#include <variant>
#include <vector>

#include "base/source.h"
#include "plan/graph.h"

namespace pidns::sh {

/// Why a script is not complete, each reason once, in the order in which they were found.
class Reasons {
 public:
  void add(std::string reason);
  [[nodiscard]] bool empty() const noexcept { return reasons_.empty(); }
  [[nodiscard]] const std::vector<std::string>& all() const noexcept { return reasons_; }

 private:
  std::vector<std::string> reasons_;
};

/// Descriptors that a script uses for itself, from 9 downwards: none that the spec passes on.
struct Wires {
  int report = 9;  ///< To who keeps the `timeout`.
  int proc = 8;    ///< The /proc in which that one looks for pids.
  int output = 7;  ///< The script's own output, where a pipe stands in its place.
  int last_pid = 6;
};
Wires wires_of(const ExecutionGraph& graph, Reasons& reasons);

/// The first step of a kind, or null.
template <class T>
const T* find(const Process& process) {
  for (const Step& step : process.steps)
    if (const auto* found = std::get_if<T>(&step.action)) return found;
  return nullptr;
}

/// The process that has a `timeout`, where it is the only one to run; else null.
const Process* timed_process(const ExecutionGraph& graph);

/// With what that process begins: it tells its pid.
std::string report_line(const Wires& wires);

/// Closes what it does not need, behind the line that becomes the command.
std::string without_wires(const Wires& wires);

/// The lines of an init of ours, whose own processes are to count from 2 whatever it starts for itself.
std::string counting_pids_from_2(const std::string& lines, const Wires& wires);

/// The line that starts all, and who keeps the time.
std::string timed_start(const Process& process, const std::string& start, const Wires& wires);

/// A step as lines of a script; none for what was done where the process was started.
std::vector<std::string> step_lines(const ExecutionGraph& graph, const Process& process, std::size_t step,
                                    Reasons& reasons);

/// Where a process's files are while the script's shells stay in the root in which they were started.
struct Trees {
  Trees(const ExecutionGraph& graph, const Process& process);

  bool below;  ///< A node around it has a root of its own: at `$root`, or with an own one at `$outer`.
  bool own;    ///< It changes its root itself: at `$root`.
  bool holds_own_links = false;  ///< The own root begins as an empty one: no link at its top leads elsewhere.
  bool laid_over;                ///< The root will be laid over `/`; else it is only changed to.

  [[nodiscard]] bool changed() const noexcept { return below || own; }
  /// Quoted paths: of the parent node's tree, of the node's own, and of that once it is laid over `/`.
  [[nodiscard]] std::string source(const std::string& path) const;
  [[nodiscard]] std::string target(const std::string& path) const;
  [[nodiscard]] std::string seen(const std::string& path) const;
};
bool is_below_a_root(const ExecutionGraph& graph, const Process& process);

/// Lines that make a root at `$root`.
std::vector<std::string> root_lines(const Root& root, const Trees& trees);

/// What comes before the command that is to be executed in another root, and the words before it.
/// `directory`: where it shall be, quoted. `ids`: with them it changes by chroot(1).
std::vector<std::string> lines_to_enter_root(const Trees& trees);
std::string words_to_enter_root(const Trees& trees, const SetCredentials* ids, const std::string& directory);

/// Lines for an entry of `mounts`.
std::vector<std::string> mount_lines(const Mount& mount, const Trees& trees);

/// The folder above a path.
std::string parent_of(const std::string& path);

/// The functions that lines of a script use, in an order in which each is known.
std::string functions_of(const std::string& lines);

/// Lines of which the last becomes the command, with its directory, ids, privileges and environment.
std::vector<std::string> exec_lines(const ExecutionGraph& graph, const Process& process, Reasons& reasons);

/// `unshare --pid --fork … ` before the program that shall run there, with a blank at the end; empty
/// where nothing is entered or made. `maps`: the maker's part for this process, or null.
std::string entering_words(const ExecutionGraph& graph, const Process& process, const WriteIdMaps* maps,
                           bool takes_makers_place, Reasons& reasons);

/// The process that goes on behind those words: a launcher's child, else the process itself.
ProcessId entered(const ExecutionGraph& graph, const Process& process);

/// How many of its first steps those words do.
std::size_t steps_done_entering(const Process& process);

/// The processes that a process makes.
std::vector<ProcessId> children_of(const Process& process);

}  // namespace pidns::sh
