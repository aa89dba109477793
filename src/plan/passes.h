#pragma once

#include "plan/graph.h"

namespace pidns {

/// Unshare and Fork become one Clone wherever that is legal, and launchers go. The result does the
/// same with fewer processes.
ExecutionGraph fuse(ExecutionGraph graph);

}  // namespace pidns
