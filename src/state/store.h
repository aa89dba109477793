#pragma once

/// Where instances are listed: `$XDG_RUNTIME_DIR/pidns`, else `/run/pidns`; a file an instance.

#include <optional>
#include <string>
#include <vector>

#include "state/run_state.h"

namespace pidns {

/// Empty where no folder for state can be had; `why` then says the reason.
std::string state_folder(std::string* why = nullptr);

/// All live instances of this reader's pid namespace, and those of others marked by their
/// `pid_namespace`. What a supervisor that is gone left behind is removed, if its pids count here.
std::vector<RunState> live_instances();

/// One of them by its name.
std::optional<RunState> find_instance(const std::string& name);

/// The inode of the pid namespace of this process; 0 where /proc does not tell.
std::uint64_t own_pid_namespace();

/// Whether the process that is meant still lives: pid and start time.
bool lives(const ProcessIdentity& identity);

}  // namespace pidns
