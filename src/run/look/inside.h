#pragma once

/// The process that entered: from the fork to its execve(2).

#include <cstdint>

#include "plan/step.h"
#include "run/child/context.h"

namespace pidns {

/// What a child does before its command, and where it did not succeed.
enum class InsideStep : std::uint32_t { tie, terminal, root, directory, credentials, execute };

/// Travels through a CLOEXEC pipe; its end without one means that the command runs.
struct InsideFailure {
  InsideStep step;
  std::int32_t error;  ///< An errno or a child::Trouble.
};

/// Made whole before the fork: the child allocates nothing.
struct Inside {
  const child::ExecImage* image = nullptr;
  int maker = -1;      ///< A pidfd of the maker, for the tie.
  int kill_child = 0;  ///< PR_SET_PDEATHSIG; 0: none.
  int root = -1;       ///< O_PATH descriptors; -1: as they are.
  int directory = -1;
  const ChangeDirectory* path = nullptr;  ///< Instead of `directory`.
  const SetUmask* umask = nullptr;
  const SetCredentials* credentials = nullptr;
  int terminal = -1;              ///< The slave of a pseudo-terminal that becomes 0, 1 and 2; -1: none.
  bool terminal_as_error = true;  ///< 2 as well.
  raw::SignalSet caller_mask = 0;
  bool caller_ignored_sigchld = false;
  int report = -1;  ///< The pipe for an InsideFailure.
};

/// Never returns.
[[noreturn]] void run_inside(const Inside& inside) noexcept;

}  // namespace pidns
