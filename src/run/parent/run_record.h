#pragma once

#include "plan/graph.h"
#include "run/parent/process_table.h"
#include "state/run_state.h"

namespace pidns {

/// What the graph says of an instance and what the table knows of its processes, for other programs to
/// read. Name, spec, log and whether it is detached are the caller's to add.
RunState record_of(const ExecutionGraph& graph, const ProcessTable& table);

}  // namespace pidns
