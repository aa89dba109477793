#pragma once

#include <string>
#include <vector>

#include "plan/graph.h"
#include "spec/caller_facts.h"
#include "spec/spec.h"

namespace pidns {

struct PlanRequest {
  std::string instance_name;           ///< PIDNS_NAME.
  std::string spec_directory;          ///< Relative paths of the host count from here; absolute, no ending slash.
  std::vector<std::string> arguments;  ///< After `--`: replace a command, or are "$@" of a script.
};

/// The canonical graph of a spec without findings: unshare, fork, exec. Pure and total.
ExecutionGraph plan(const Spec& spec, const CallerFacts& facts, const PlanRequest& request);

}  // namespace pidns
