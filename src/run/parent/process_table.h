#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "plan/graph.h"
#include "run/parent/inherited_memory.h"

namespace pidns {

using Clock = std::chrono::steady_clock;

/// How far a process of the graph has come.
enum class Phase : std::uint8_t { waiting, created, executed, ended };

/// Whether a process that waits will never start.
enum class GaveUp : std::uint8_t { no, condition_lost, run_ends };

/// What the supervisor knows of one process.
struct ProcessState {
  Phase phase = Phase::waiting;
  int pid = 0;          ///< In the supervisor's pid namespace; 0: not known.
  int status = 0;       ///< As of wait(2), once ended.
  int asked = 0;        ///< The signal that a SIGKILL of ours stands for.
  int forwarded = 0;    ///< The last signal forwarded without a look at its handlers.
  int sent = 0;         ///< The last signal that pidns sent to it.
  int exec_error = 0;   ///< Of its Exec: 126 or 127.
  bool failed = false;  ///< Its set-up or its Exec.
  bool timed_out = false;
  GaveUp gave_up = GaveUp::no;
  bool gate_is_open = false;
  bool asked_to_end = false;  ///< By its `stop-signal`.
  bool ended_by_us = false;   ///< By the end of its node or of the run, not of itself.
  std::optional<Clock::time_point> times_out;
  std::optional<Clock::time_point> killed_at;
};

/// All of them, by ProcessId; children of the supervisor itself also by pid.
class ProcessTable {
 public:
  explicit ProcessTable(const ExecutionGraph& graph) : graph_(graph), states_(graph.processes.size()) {}

  /// Where there are many: no process that is made looks at them.
  void keep_from_children() { pidns::keep_from_children(states_.data(), states_.size() * sizeof(ProcessState)); }

  ProcessState& operator[](ProcessId id) { return states_[index(id)]; }
  const ProcessState& operator[](ProcessId id) const { return states_[index(id)]; }
  const ExecutionGraph& graph() const { return graph_; }

  void add_child(ProcessId id, int pid) {
    states_[index(id)].pid = pid;
    children_.emplace(pid, id);
  }
  /// The process of a pid that the supervisor reaped, which is then no child any more.
  std::optional<ProcessId> take_child(int pid) {
    const auto found = children_.find(pid);
    if (found == children_.end()) return std::nullopt;
    const ProcessId id = found->second;
    children_.erase(found);
    return id;
  }
  [[nodiscard]] std::optional<ProcessId> child(int pid) const {
    const auto found = children_.find(pid);
    return found == children_.end() ? std::nullopt : std::optional(found->second);
  }
  [[nodiscard]] const std::unordered_map<int, ProcessId>& children() const { return children_; }

  /// The ancestor of `id` that the supervisor itself made; `id` itself where it did.
  [[nodiscard]] ProcessId first_hop(ProcessId id) const {
    while (graph_.process(id).maker != ProcessId{0}) id = graph_.process(id).maker;
    return id;
  }

  template <class F>
  void each_command(F&& f) {
    for (const auto& process : graph_.processes)
      if (process.role == Role::command) f(process, states_[index(process.id)]);
  }

 private:
  const ExecutionGraph& graph_;
  std::vector<ProcessState> states_;
  std::unordered_map<int, ProcessId> children_;
};

}  // namespace pidns
