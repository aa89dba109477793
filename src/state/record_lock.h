#pragma once

/// The record lock that says that an instance's supervisor lives: see claim.h.

#include <sys/types.h>

namespace pidns {

enum class Lock : unsigned char {
  ours,
  taken,    ///< By another process.
  removed,  ///< The file has no name any more; the lock means nothing.
};

/// Without waiting. `holder` is who has it: 0 where this pid namespace does not see it.
Lock take_lock(int file, pid_t& holder) noexcept;

/// Whether another process holds it.
bool is_locked(int file, pid_t* holder = nullptr) noexcept;

}  // namespace pidns
