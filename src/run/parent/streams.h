#pragma once

#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/source.h"
#include "plan/graph.h"

namespace pidns {

/// What `stdin`, `stdout` and `stderr` name, opened in the caller's tree before any namespace is
/// changed: three descriptors a process, -1 where nothing is asked for. Lives until the children are made.
/// Whether all of `pass-fds` is open is looked at first.
struct Streams {
  std::vector<int> descriptors;  ///< Empty where no process asks.
  std::string problem;           ///< For people; empty where all could be opened.
};

Streams open_streams(const ExecutionGraph& graph, const SourceFile& source, TextStyle style);

}  // namespace pidns
