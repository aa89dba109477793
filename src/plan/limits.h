#pragma once

#include <vector>

#include "plan/graph.h"
#include "spec/caller_facts.h"
#include "spec/spec.h"

namespace pidns {

/// Which of the five limits of the language document a node has. `in_pid_namespace`: a node around it
/// has one of the spec's.
std::vector<Limit> limits_of(const Node& node, bool in_pid_namespace, const CallerFacts& facts);

}  // namespace pidns
