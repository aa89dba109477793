#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "plan/graph.h"
#include "run/child/probe.h"
#include "run/parent/arena.h"
#include "run/parent/output_match.h"
#include "run/parent/process_table.h"

namespace pidns {

/// Finds out when processes are ready: one probe of each at a time, in a process that is this one's child.
class Probes {
 public:
  /// What a probe executes is made beforehand. Both must outlive it; `context` is given to each probe.
  Probes(const ExecutionGraph& graph, child::Context& context, const std::string& name, Arena& arena);

  /// The process has executed: it is looked at from now on. Nothing for one without `ready`.
  void begin(ProcessId id, int pid);
  /// Not any more: it has ended, or the run does. False where it was not looked at, or is ready.
  bool stop(ProcessId id);
  void stop_all();
  /// A child of this process has ended. True where it was a probe; `ready` is set where that held.
  bool reaped(int pid, int status, std::optional<ProcessId>& ready);
  /// It wrote something. True where that makes it ready.
  bool wrote(ProcessId id, std::string_view text);
  /// It wrote what makes it ready, and that has not been said: what it writes may be heard before its exec
  /// is. True once.
  [[nodiscard]] bool was_heard(ProcessId id);
  /// Whether it was found to be ready.
  [[nodiscard]] bool is_ready(ProcessId id);
  /// One whose time is over.
  struct Missed {
    const Readiness* readiness;
    std::optional<int> status;  ///< Of the last probe that ended, as of wait(2).
  };
  /// Starts what is due. Those whose time is over, which are not looked at any more.
  std::vector<Missed> run_due();
  [[nodiscard]] std::optional<Clock::time_point> next() const;

 private:
  struct One {
    const Readiness* readiness;
    child::ProbeOrder order;
    OutputMatch match;
    bool active = false;
    bool is_ready = false;
    int running = 0;            ///< The pid of a probe.
    std::optional<int> status;  ///< Of the last that ended.
    Clock::time_point due{};
    Clock::time_point deadline{};
  };
  One* find(ProcessId id);
  void end(One& one);
  void start(One& one);

  const ExecutionGraph& graph_;
  child::Context& context_;
  std::deque<One> all_;  ///< In the order of their processes.
  std::deque<child::ExecImage> images_;
  std::string directory_;
};

}  // namespace pidns
