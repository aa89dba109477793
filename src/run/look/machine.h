#pragma once

#include <span>

#include "state/machine.h"

namespace pidns {

/// All pid namespaces that /proc shows a process of, and those between them. One look over /proc: what
/// comes or goes meanwhile is there or not. `every_process`: not only each namespace's first one.
/// An empty `namespaces` means that there is no /proc to look at. This process ends in some other uts
/// namespace: Hostnames.
Machine look_at_machine(bool every_process);

/// The same of these processes alone, one entry each, in this order; those that are gone have no levels.
Machine look_at_processes(std::span<const int> pids);

}  // namespace pidns
