#include <algorithm>
#include <string_view>

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

struct Waiter {
  std::string_view address;
  std::size_t gate;
};

/// Calls `f` with each gate whose waiter `address` names: a process, or all in a node.
template <class F>
void each_named(const std::vector<Waiter>& sorted, std::string_view address, F&& f) {
  const auto before = [](const Waiter& waiter, std::string_view text) { return waiter.address < text; };
  const auto from = [&](std::string_view text) { return std::lower_bound(sorted.begin(), sorted.end(), text, before); };
  for (auto at = from(address); at != sorted.end() && at->address == address; ++at) f(at->gate);
  // The root's address is `/`, and no other begins so.
  const std::string inside = address == "/" ? std::string() : std::string(address) + "/";
  for (auto at = from(inside); at != sorted.end() && at->address.starts_with(inside); ++at)
    if (at->address != address) f(at->gate);
}

/// Takes away what waits for nothing that waits, until nothing changes. What remains waits for itself.
void verify_cycles(const ExecutionGraph& graph, std::vector<Violation>& violations) {
  std::vector<Waiter> sorted;
  for (std::size_t i = 0; i < graph.gates.size(); ++i)
    sorted.push_back({graph.process(graph.gates[i].waiter).address, i});
  std::sort(sorted.begin(), sorted.end(), [](const Waiter& a, const Waiter& b) { return a.address < b.address; });
  std::vector<std::vector<std::size_t>> released_by(graph.gates.size());
  std::vector<std::size_t> waits_for(graph.gates.size(), 0);
  for (std::size_t i = 0; i < graph.gates.size(); ++i)
    for (const auto& condition : graph.gates[i].conditions)
      each_named(sorted, condition.value.address, [&](std::size_t other) {
        released_by[other].push_back(i);
        ++waits_for[i];
      });
  std::vector<std::size_t> free;
  for (std::size_t i = 0; i < waits_for.size(); ++i)
    if (waits_for[i] == 0) free.push_back(i);
  while (!free.empty()) {
    const std::size_t gate = free.back();
    free.pop_back();
    for (const std::size_t other : released_by[gate])
      if (--waits_for[other] == 0) free.push_back(other);
  }
  for (std::size_t i = 0; i < waits_for.size(); ++i)
    if (waits_for[i] != 0) violations.push_back({"gate-cycle", graph.gates[i].waiter, 0});
}

}  // namespace

void verify_gates(const ExecutionGraph& graph, std::vector<Violation>& violations) {
  const std::size_t before = violations.size();
  verify_waiting(graph, violations);
  if (violations.size() == before && !graph.gates.empty()) verify_cycles(graph, violations);
}

}  // namespace pidns
