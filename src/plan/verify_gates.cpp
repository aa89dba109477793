#include "plan/verify_rules.h"

namespace pidns {

void verify_gates(const ExecutionGraph& graph, std::vector<Violation>& violations) {
  std::vector<int> waits(graph.gates.size(), 0);
  for (const auto& process : graph.processes)
    for (std::size_t i = 0; i < process.steps.size(); ++i) {
      const auto* wait = std::get_if<WaitFor>(&process.steps[i].action);
      if (wait == nullptr) continue;
      const bool opens = index(wait->gate) < graph.gates.size() && graph.gates[index(wait->gate)].waiter == process.id &&
                         !graph.gates[index(wait->gate)].conditions.empty();
      if (opens)
        ++waits[index(wait->gate)];
      else
        violations.push_back({"gate-opens", process.id, i});
    }
  for (const auto& gate : graph.gates)
    if (waits[index(gate.id)] != 1) violations.push_back({"gate-waits", gate.waiter, 0});
}

}  // namespace pidns
