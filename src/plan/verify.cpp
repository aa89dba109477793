#include "plan/verify.h"

#include "plan/verify_rules.h"

namespace pidns {

std::vector<Violation> verify(const ExecutionGraph& graph, const Spec& spec, const CallerFacts& facts) {
  std::vector<Violation> violations;
  verify_structure(graph, violations);
  // The other rules follow the ids of a graph whose structure holds.
  if (!violations.empty()) return violations;
  verify_steps(graph, violations);
  const std::size_t before = violations.size();
  verify_gates(graph, violations);
  if (violations.size() == before) verify_conditions(graph, spec, violations);
  verify_against_spec(graph, spec, facts, violations);
  return violations;
}

}  // namespace pidns
