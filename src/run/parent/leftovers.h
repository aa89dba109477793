#pragma once

#include <string>

namespace pidns {

/// Kills and reaps every child of this process, and theirs as they are reparented to it (it must be a
/// subreaper), until none is left. Returns what could not be ended: empty, or words for people. Never
/// waits for a process that it may not signal.
std::string end_leftovers();

}  // namespace pidns
