#pragma once

#include "state/run_state.h"

namespace pidns {

/// The pids of an instance that was started in another pid namespace, as ours counts them: that is
/// possible where it lies inside ours. 0 for what is gone. False, and nothing is changed, where its
/// supervisor can't be seen from here. Where they count here already, true at once.
bool bring_here(RunState& state);

}  // namespace pidns
