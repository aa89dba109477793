#pragma once

#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/source.h"
#include "plan/graph.h"

namespace pidns {

/// What `stdin`, `stdout` and `stderr` name, opened in the caller's tree before any namespace is
/// changed: three descriptors a process, -1 where nothing is asked for. Lives until the children are made.
struct Streams {
  std::vector<int> descriptors;  ///< Empty where no process asks.
  std::string problem;           ///< For people; empty where all could be opened.
};

/// Of `pass-fds` what is not open, for people; empty where all is. To be asked before anything of ours
/// is opened, which could take the number of one that the caller did not open.
std::string missing_descriptor(const ExecutionGraph& graph, const SourceFile& source, TextStyle style);

Streams open_streams(const ExecutionGraph& graph, const SourceFile& source, TextStyle style);

}  // namespace pidns
