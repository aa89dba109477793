#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace pidns {

/// The children that this process has already: whoever became pidns by exec may have had some. Costs
/// one system call where there is none.
std::vector<pid_t> children_before();

/// Kills and reaps every child of this process but `spared`, and theirs as they are reparented to it
/// (it must be a subreaper), until none is left. Returns what could not be ended: empty, or words for
/// people. Never waits for a process that it may not signal.
std::string end_leftovers(const std::vector<pid_t>& spared);

}  // namespace pidns
