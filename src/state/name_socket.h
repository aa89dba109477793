#pragma once

/// The quick half of a claim: a name among the abstract sockets (unix(7)), which costs no file. The
/// kernel gives it to one process, and frees it with that process's end, however it came.

#include <sys/types.h>

#include <string>

#include "sys/unique_fd.h"

namespace pidns {

enum class Hold : unsigned char {
  ours,
  taken,     ///< By another process of this user.
  unusable,  ///< Somebody else sits on it, or there are no such sockets here: the file decides alone.
};

/// For who shares the folder `runtime`, a path. `holder` of what is taken: 0 where this pid namespace
/// does not see it. They are counted by network namespace: who stands in another sees the file only.
Hold hold_name(const std::string& runtime, const std::string& name, UniqueFd& socket, pid_t& holder);

}  // namespace pidns
