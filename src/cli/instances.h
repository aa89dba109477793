#pragma once

/// What verbs about live instances share: finding them and what is in them, and saying what there is
/// where something was not found.

#include <optional>
#include <string>

#include "cli/command.h"
#include "state/address.h"
#include "state/run_state.h"

namespace pidns::cli {

/// The instance of this name, its pids as they count here; else nothing, after a message that lists
/// those there are.
std::optional<RunState> instance_named(const Command& command, const std::string& name);

/// The same for an address in it.
std::optional<Located> place_named(const Command& command, const RunState& state, const std::string& address);

/// What `main` or the only process is; else nothing, after a message that lists the addresses.
std::optional<Located> default_place(const Command& command, const RunState& state);

/// A living process in whose namespaces the node's processes are: the one that is meant, the node's
/// PID 1, or another of it; for a node that lives in its parent's namespaces, the parent's likewise.
std::optional<ProcessIdentity> living_in(const RunState& state, const Located& place);

}  // namespace pidns::cli
