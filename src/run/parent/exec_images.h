#pragma once

#include <string>
#include <vector>

#include "plan/graph.h"
#include "run/child/context.h"
#include "run/parent/arena.h"

namespace pidns {

/// The argv, environment and search path of every command of a graph, made before the first process
/// is: a forked child may not allocate. `copy_environment` where a process of ours will write its
/// title over the caller's environment.
const child::ExecImage* make_exec_images(const ExecutionGraph& graph, const std::string& name, bool copy_environment,
                                         Arena& arena);

/// The same of one command that is in no graph. Without a `name` PIDNS_NAME and PIDNS_PATH stay as they are.
child::ExecImage make_exec_image(const Exec& exec, const std::string& name, const std::string& address, Arena& arena,
                                 std::uint32_t replica = 0);

}  // namespace pidns
