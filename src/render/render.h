#pragma once

#include <string>

#include "base/diagnostic.h"
#include "base/source.h"
#include "plan/graph.h"

namespace pidns {

/// The plan for people: nesting at the left, one line a step, the key that asked for it at the right.
std::string plan_text(const ExecutionGraph& graph, const SourceFile& source, TextStyle style);

/// The plan for programs: versioned, stable, documented in the README.
std::string plan_json(const ExecutionGraph& graph, const SourceFile& source);

/// The plan as a picture, for Graphviz and for Mermaid.
std::string plan_dot(const ExecutionGraph& graph);
std::string plan_mermaid(const ExecutionGraph& graph);

/// The canonical plan as a POSIX script of unshare(1), nsenter(1), mount(8) and the like. Its head says
/// whether it does all that `run` does, and what it leaves out.
std::string plan_sh(const ExecutionGraph& graph, const SourceFile& source);

/// What a run of `after` does otherwise than one of `before`, by address.
struct PlanSide {
  const ExecutionGraph& graph;
  const SourceFile& source;
};
std::string plan_diff(const PlanSide& before, const PlanSide& after, TextStyle style);

/// One step in words: `mount proc on /proc`. The words that failures at run time use, too.
std::string describe(const Action& action, const ExecutionGraph& graph);

}  // namespace pidns
