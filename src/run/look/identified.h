#pragma once

#include "state/run_state.h"
#include "sys/unique_fd.h"

namespace pidns {

/// A pidfd of the process that is meant, and of no other that has its pid by now. None, and errno,
/// where it has ended (ESRCH).
UniqueFd open_identified(const ProcessIdentity& identity);

}  // namespace pidns
