#pragma once

#include <vector>

#include "plan/graph.h"

namespace pidns {

/// The order in which an orderly stop asks processes to end: one that `init` names when all others of
/// its node, and of the nodes nested in it, have ended; one that others depend on when these have; every
/// other at once. Nothing here is sent.
class StopOrder {
 public:
  /// Of a graph of which `alive[process]` have not ended.
  StopOrder(const ExecutionGraph& graph, const std::vector<bool>& alive);

  /// Whether nothing that must end before it is left.
  [[nodiscard]] bool is_due(ProcessId id) const;

  /// A command has ended: each process that is due since, innermost first.
  std::vector<ProcessId> ended(ProcessId id);

 private:
  template <class F>
  void each_that_waits_for(ProcessId id, F&& f) const;

  template <class F>
  void each_member(std::uint32_t row, F&& f) const;

  const ExecutionGraph& graph_;
  std::vector<ProcessId> named_;           ///< By holder: the process that `init` names in its node.
  std::vector<GateId> gates_;               ///< By process: its own. Empty without gates.
  std::vector<std::size_t> dependents_;     ///< By row of the graph's `awaited`: those that are alive.
  std::vector<std::vector<std::uint32_t>> rows_;  ///< By process: in which of these rows it stands.
  std::vector<std::size_t> waits_for_;     ///< By process: so many must end before it is asked.
};

}  // namespace pidns
