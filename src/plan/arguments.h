#pragma once

#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "spec/spec.h"

namespace pidns {

/// What stands after `--` in `pidns run SPEC -- ARG…`: a root that has nothing to run takes it as its
/// command. Where several processes are there and none is `main`, a finding says so. To be called
/// between load and check; plan gives the arguments to the process that they are for.
void apply_arguments(Spec& spec, const std::vector<std::string>& arguments, Diagnostics& diagnostics);

/// The processes of a node and of everything nested in it.
std::size_t count_processes(const Node& node);

}  // namespace pidns
