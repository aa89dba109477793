#pragma once

#include <string>
#include <vector>

#include "plan/graph.h"
#include "spec/caller_facts.h"
#include "spec/spec.h"

namespace pidns {

/// Which rule a graph breaks, and where.
struct Violation {
  std::string rule;  ///< A short name, stable for tests: "one-pid-unshare-per-fork".
  ProcessId process{};
  std::size_t step = 0;
};

/// Every rule that a legal graph keeps, of its own and towards the spec that it came from. Empty for
/// every graph that plan and the passes make; anything else is a defect of ours, and `run` refuses it.
std::vector<Violation> verify(const ExecutionGraph& graph, const Spec& spec, const CallerFacts& facts);

}  // namespace pidns
