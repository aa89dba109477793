#pragma once

#include <string>
#include <vector>

#include "plan/graph.h"
#include "render/step_arguments.h"

namespace pidns {

/// A step as two plans compare it.
struct ComparedStep {
  const Step* step = nullptr;
  std::string words;
  StepArguments arguments;
};

/// One line of a comparison of steps: the old one, the new one, or both where one became the other.
struct StepChange {
  const ComparedStep* before = nullptr;
  const ComparedStep* after = nullptr;
};

/// Only what differs, in the order of the new steps, the old ones where they stood.
std::vector<StepChange> compare_steps(const std::vector<ComparedStep>& before, const std::vector<ComparedStep>& after);

/// `environment/entries/A: "1" -> "2"`, for each argument that differs.
std::vector<std::string> changed_arguments(const StepArguments& before, const StepArguments& after);

/// Two long texts, each cut to where they differ and a little around it: `... word [new] word ...`.
struct Excerpts {
  std::string before;
  std::string after;
};
Excerpts excerpts_of(const std::string& before, const std::string& after);

}  // namespace pidns
