#pragma once

/// The plan as rows, before anybody asks how wide they are.

#include <string>
#include <vector>

#include "base/source.h"
#include "plan/graph.h"

namespace pidns {

/// One line of the plan.
struct PlanRow {
  /// The lines at the left, one letter a level: ' ' none, '|' goes on, '+' a branch, '`' the last one.
  std::string guides{};
  std::string label{};  ///< Name of the node or process that begins here.
  std::string words{};  ///< What is done.
  std::string place{};  ///< `line:column`; empty where a default asked.
  std::string key{};    ///< `hostname`, `propagation (default)`, `unshare  merged at 14:9`.
  bool is_default = false;
  bool is_note = false;  ///< A limit: words over the whole width, no place.
};

/// Preorder: a process's steps, and the processes it makes where it makes them.
std::vector<PlanRow> plan_rows(const ExecutionGraph& graph, const SourceFile& source);

}  // namespace pidns
