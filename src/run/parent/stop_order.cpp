#include "run/parent/stop_order.h"

#include <algorithm>

namespace pidns {
namespace {
constexpr GateId no_gate{0xffffffff};
}  // namespace

StopOrder::StopOrder(const ExecutionGraph& graph, const std::vector<bool>& alive)
    : graph_(graph), named_(graph.processes.size(), no_process), waits_for_(graph.processes.size(), 0) {
  for (const auto& process : graph.processes)
    for (const auto& step : process.steps)
      if (const auto* named = std::get_if<AwaitSetUp>(&step.action)) named_[index(process.id)] = named->child;
  for (const auto& process : graph.processes)
    if (process.role == Role::command && alive[index(process.id)])
      each_that_waits_for(process.id, [&](ProcessId waiting) { ++waits_for_[index(waiting)]; });
  if (graph.gates.empty()) return;
  dependents_.assign(graph.awaited.size(), 0);
  gates_.assign(graph.processes.size(), no_gate);
  rows_.resize(graph.processes.size());
  for (const auto& gate : graph.gates) {
    gates_[index(gate.waiter)] = gate.id;
    if (alive[index(gate.waiter)])
      for (const std::uint32_t row : gate.awaited) ++dependents_[row];
  }
  for (std::uint32_t row = 0; row < graph.awaited.size(); ++row)
    each_member(row, [&](ProcessId member) { rows_[index(member)].push_back(row); });
}

template <class F>
void StopOrder::each_member(std::uint32_t row, F&& f) const {
  for (const auto& range : graph_.awaited[row])
    for (std::size_t i = index(range.first); i < index(range.end); ++i)
      if (graph_.processes[i].role == Role::command) f(graph_.processes[i].id);
}

bool StopOrder::is_due(ProcessId id) const {
  if (waits_for_[index(id)] != 0) return false;
  if (rows_.empty()) return true;
  const auto& rows = rows_[index(id)];
  return std::all_of(rows.begin(), rows.end(), [&](std::uint32_t row) { return dependents_[row] == 0; });
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
    if (waits_for_[index(waiting)] > 0 && --waits_for_[index(waiting)] == 0 && is_due(waiting)) due.push_back(waiting);
  });
  if (gates_.empty() || gates_[index(id)] == no_gate) return due;
  for (const std::uint32_t row : graph_.gates[index(gates_[index(id)])].awaited)
    if (dependents_[row] > 0 && --dependents_[row] == 0)
      each_member(row, [&](ProcessId member) {
        if (is_due(member)) due.push_back(member);
      });
  return due;
}

}  // namespace pidns
