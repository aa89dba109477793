#pragma once

#include <optional>

namespace pidns {

/// Whether a process catches, ignores or blocks `signal`: SigCgt, SigIgn and SigBlk of its
/// /proc/PID/status (proc(5)). Nothing where that can't be read.
std::optional<bool> handles_signal(int pid, int signal);

/// signal(7): whether the default action ends the process.
bool ends_by_default(int signal) noexcept;
bool stops_by_default(int signal) noexcept;
bool dumps_core(int signal) noexcept;

}  // namespace pidns
