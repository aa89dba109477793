#pragma once

#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/source.h"
#include "plan/graph.h"

namespace pidns {

/// The namespaces that `join` names, opened in the caller's tree before any is changed: one descriptor
/// a process and kind, -1 where nothing is asked for.
struct Joins {
  std::vector<int> descriptors;  ///< Empty where no process asks.
  std::string problem;           ///< For people; empty where all could be opened.
};

Joins open_joins(const ExecutionGraph& graph, const SourceFile& source, TextStyle style);

}  // namespace pidns
