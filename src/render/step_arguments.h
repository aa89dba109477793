#pragma once

#include <string>
#include <utility>
#include <vector>

#include "plan/step.h"

namespace pidns {

/// Every argument of a step by name, as text: two steps are the same where all are. Without what is a
/// number of the graph, which says nothing about the step.
using StepArguments = std::vector<std::pair<std::string, std::string>>;
StepArguments step_arguments(const Action& action);

}  // namespace pidns
