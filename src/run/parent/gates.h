#pragma once

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "plan/graph.h"

namespace pidns {

/// Which conditions of a graph have come true, and which no longer can. It decides; nothing is sent here.
class Gates {
 public:
  explicit Gates(const ExecutionGraph& graph);

  /// A gate that is open, or will never be: then `lost` is the condition, by its number.
  struct Change {
    GateId gate;
    bool opens;
    std::size_t lost;
  };

  void started(ProcessId id) { settle(id, Condition::started, true); }
  void ready(ProcessId id) { settle(id, Condition::ready, true); }
  /// `executed`: it was found and could be; `well`: with 0. One that never was, by the loss of a condition
  /// of its own, has not exited either.
  void ended(ProcessId id, bool executed, bool well);
  void never_starts(ProcessId id);

  /// What has changed since the last call.
  std::vector<Change> take_changes() { return std::exchange(changes_, {}); }

 private:
  /// A row of processes, all of which are waited for in one state.
  struct Watch {
    Condition condition = Condition::started;
    std::size_t missing = 0;
    std::vector<std::pair<GateId, std::size_t>> waiting;  ///< With the number of the condition.
  };

  void settle(ProcessId id, Condition condition, bool came_true);

  const ExecutionGraph& graph_;
  std::vector<Watch> watches_;
  std::vector<std::vector<std::uint32_t>> watched_;     ///< By process.
  std::vector<std::size_t> missing_;                    ///< Conditions, by gate.
  std::vector<bool> decided_;                           ///< By gate.
  std::vector<std::array<bool, 5>> settled_;            ///< By process and condition.
  std::vector<Change> changes_;
};

}  // namespace pidns
