#pragma once

/// Where instances are listed: `$XDG_RUNTIME_DIR/pidns`, else `/run/pidns`. Made with the first
/// instance, removed with the last. An instance NAME has there `NAME.json`, its claim and its state,
/// for a moment `NAME.new`, and `NAME.log` where it is detached.

#include <string>

#include "sys/unique_fd.h"

namespace pidns {

/// `$XDG_RUNTIME_DIR`, else `/run`.
std::string runtime_directory();

struct StateFolder {
  std::string path;
  UniqueFd descriptor;  ///< None where there is no folder, or none that can be trusted.
  std::string problem;  ///< Why not, for people; empty where it is just not there, without `create`.
};

/// Refused where it belongs to somebody else or others may write to it: what stands in it names
/// processes to be signalled.
StateFolder open_state_folder(bool create);

/// Where nothing is left in it. Who claims a name meanwhile makes it again.
void remove_state_folder_if_empty(const StateFolder& folder) noexcept;

}  // namespace pidns
