#pragma once

/// The parts of the plan as a script: what each knows, and says about what it can't.

#include <string>
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

/// A step as lines of a script; none for what was done where the process was started.
std::vector<std::string> step_lines(const ExecutionGraph& graph, const Process& process, std::size_t step,
                                    Reasons& reasons);

/// Lines for an entry of `mounts`.
std::vector<std::string> mount_lines(const Mount& mount, Reasons& reasons);

/// The line that becomes the command, with its ids, privileges and environment.
std::string exec_line(const ExecutionGraph& graph, const Process& process, Reasons& reasons);

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
