#include "run/parent/stop_order.h"

namespace pidns {

StopOrder::StopOrder(const ExecutionGraph& graph, const std::vector<bool>& alive)
    : graph_(graph), named_(graph.processes.size(), no_process), waits_for_(graph.processes.size(), 0) {
  for (const auto& process : graph.processes)
    for (const auto& step : process.steps)
      if (const auto* named = std::get_if<AwaitSetUp>(&step.action)) named_[index(process.id)] = named->child;
  for (const auto& process : graph.processes)
    if (process.role == Role::command && alive[index(process.id)])
      each_that_waits_for(process.id, [&](ProcessId waiting) { ++waits_for_[index(waiting)]; });
}

/// The named processes of the nodes around, and of its own: all below a holder are of its node, or
/// of nodes nested in it.
template <class F>
void StopOrder::each_that_waits_for(ProcessId id, F&& f) const {
  for (ProcessId maker = graph_.process(id).maker; maker != no_process; maker = graph_.process(maker).maker) {
    const ProcessId named = named_[index(maker)];
    if (named != no_process && named != id) f(named);
  }
}

std::vector<ProcessId> StopOrder::ended(ProcessId id) {
  std::vector<ProcessId> due;
  each_that_waits_for(id, [&](ProcessId waiting) {
    if (waits_for_[index(waiting)] > 0 && --waits_for_[index(waiting)] == 0) due.push_back(waiting);
  });
  return due;
}

}  // namespace pidns
