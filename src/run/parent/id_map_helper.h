#pragma once

#include "plan/step.h"

namespace pidns {

/// Writes the id maps of `pid` through newuidmap(1) and newgidmap(1), which check them against
/// /etc/subuid and /etc/subgid. 0, or an errno; what the helpers print goes to standard error.
int map_by_helper(int pid, const WriteIdMaps& maps);

}  // namespace pidns
