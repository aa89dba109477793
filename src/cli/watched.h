#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/command.h"
#include "state/store.h"
#include "sys/unique_fd.h"

namespace pidns::cli {

/// A live instance whose end is waited for: its file, in which its status will stand, and its supervisor.
struct Watched {
  OpenInstance instance;  ///< Its pids as they count here.
  UniqueFd supervisor;    ///< pidfd_open(2): readable when it has ended.
};

/// Nothing, after a message, where there is none of this name.
std::optional<Watched> watch(const Command& command, const std::string& name);

/// Whether it has ended within so many milliseconds; -1: without end.
bool has_ended(const Watched& watched, int within);

/// The status of one that has ended. 137 where its supervisor was killed before it could say.
int status_of(const Watched& watched);

}  // namespace pidns::cli
