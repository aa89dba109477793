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

/// Lines for an entry of `mounts`.
std::vector<std::string> mount_lines(const Mount& mount, Reasons& reasons);

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
