#pragma once

/// Addresses in a live instance: `/`, `ns1/ns2`, `ns1/web`, `ns1/.init`.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "state/run_state.h"

namespace pidns {

/// What an address means: indexes into RunState::nodes and RunState::processes.
struct Located {
  std::uint32_t node = 0;                ///< The node, or that of the process.
  std::optional<std::uint32_t> process;  ///< Nothing where the node has no process.
};

/// The address of a node that has one process of its own means that process; of any other its first
/// process. Nothing where there is none of this address.
std::optional<Located> locate(const RunState& state, std::string_view address);

/// What is meant where no address is given: `main`, or the only command. Nothing where there are several.
std::optional<Located> locate_default(const RunState& state);

/// The process that leads into a node's namespaces: the process itself, or where a node was named its
/// first one. Nothing where the node has none of its own: it lives in its parent's namespaces.
std::optional<std::uint32_t> leader_of(const RunState& state, const Located& place);

/// All addresses, those of nodes before those of their processes; none twice.
std::vector<std::string> addresses_of(const RunState& state);

}  // namespace pidns
