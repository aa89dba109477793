#include "plan/verify_rules.h"

namespace pidns {
namespace {

void verify_waiting(const ExecutionGraph& graph, std::vector<Violation>& violations) {
  std::vector<int> waits(graph.gates.size(), 0);
  for (const auto& process : graph.processes)
    for (std::size_t i = 0; i < process.steps.size(); ++i) {
      const auto* wait = std::get_if<WaitFor>(&process.steps[i].action);
      if (wait == nullptr) continue;
      const bool opens = index(wait->gate) < graph.gates.size() &&
                         graph.gates[index(wait->gate)].waiter == process.id &&
                         !graph.gates[index(wait->gate)].conditions.empty();
      if (opens)
        ++waits[index(wait->gate)];
      else
        violations.push_back({"gate-opens", process.id, i});
    }
  for (std::size_t i = 0; i < waits.size(); ++i)
    if (waits[i] != 1) violations.push_back({"gate-waits", graph.gates[i].waiter, 0});
}

/// Whether all that a gate waits for is there: for each condition a row, and in it some command.
bool has_whom_to_await(const ExecutionGraph& graph, const Gate& gate) {
  if (gate.awaited.size() != gate.conditions.size()) return false;
  for (const std::uint32_t row : gate.awaited) {
    if (row >= graph.awaited.size()) return false;
    bool any = false;
    for (const ProcessRange& range : graph.awaited[row]) {
      if (index(range.end) > graph.processes.size()) return false;
      for (std::size_t i = index(range.first); i < index(range.end) && !any; ++i)
        any = graph.processes[i].role == Role::command;
    }
    if (!any) return false;
  }
  return true;
}

void verify_awaited(const ExecutionGraph& graph, std::vector<Violation>& violations) {
  for (const auto& gate : graph.gates)
    if (!has_whom_to_await(graph, gate)) violations.push_back({"gate-awaits", gate.waiter, 0});
}

/// Takes away what waits for nothing that waits, until nothing changes. What remains waits for itself.
/// Gates wait for rows, and rows for the gates of those who stand in them: each pair is looked at once.
void verify_cycles(const ExecutionGraph& graph, std::vector<Violation>& violations) {
  std::vector<std::vector<std::size_t>> gates_of(graph.awaited.size());  // By row: those that wait for it.
  std::vector<std::vector<std::size_t>> rows_of(graph.gates.size());     // By gate: those its waiter stands in.
  std::vector<std::size_t> gate_waits(graph.gates.size(), 0);
  std::vector<std::size_t> row_waits(graph.awaited.size(), 0);
  std::vector<std::size_t> gate_of(graph.processes.size(), graph.gates.size());
  for (std::size_t i = 0; i < graph.gates.size(); ++i) gate_of[index(graph.gates[i].waiter)] = i;
  for (std::size_t row = 0; row < graph.awaited.size(); ++row)
    for (const ProcessRange& range : graph.awaited[row])
      for (std::size_t member = index(range.first); member < index(range.end); ++member) {
        if (gate_of[member] == graph.gates.size()) continue;
        rows_of[gate_of[member]].push_back(row);
        ++row_waits[row];
      }
  for (std::size_t i = 0; i < graph.gates.size(); ++i)
    for (const std::uint32_t row : graph.gates[i].awaited) {
      gates_of[row].push_back(i);
      ++gate_waits[i];
    }
  std::vector<std::size_t> free_rows;
  const auto open = [&](std::size_t gate) {
    for (const std::size_t row : rows_of[gate])
      if (--row_waits[row] == 0) free_rows.push_back(row);
  };
  for (std::size_t row = 0; row < row_waits.size(); ++row)
    if (row_waits[row] == 0) free_rows.push_back(row);
  while (!free_rows.empty()) {
    const std::size_t row = free_rows.back();
    free_rows.pop_back();
    for (const std::size_t gate : gates_of[row])
      if (--gate_waits[gate] == 0) open(gate);
  }
  for (std::size_t i = 0; i < gate_waits.size(); ++i)
    if (gate_waits[i] != 0) violations.push_back({"gate-cycle", graph.gates[i].waiter, 0});
}

}  // namespace

void verify_gates(const ExecutionGraph& graph, std::vector<Violation>& violations) {
  const std::size_t before = violations.size();
  verify_waiting(graph, violations);
  verify_awaited(graph, violations);
  if (violations.size() == before && !graph.gates.empty()) verify_cycles(graph, violations);
}

}  // namespace pidns
