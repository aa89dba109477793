#pragma once

#include <string>

#include "plan/graph.h"

namespace pidns {

struct Hint {
  std::string why;
  std::string fix;
};

/// The kernel's reason behind an error of a step, and what a person can do; empty where there is
/// nothing to say beyond the error.
Hint hint_for(const ExecutionGraph& graph, const Process& process, const Step& step, int error);

}  // namespace pidns
