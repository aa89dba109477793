#pragma once

/// A look whether a process is ready: in a process of its own, in the other's namespaces.

#include "run/child/context.h"

namespace pidns::child {

/// Made whole before the fork: the child allocates nothing.
struct ProbeOrder {
  const Readiness* readiness = nullptr;
  const ExecImage* image = nullptr;  ///< For a probe that executes something.
  int pid = 0;                       ///< Of the process, as the supervisor's pid namespace counts.
  NamespaceSet kinds;                ///< Of its namespaces that may not be the supervisor's.
  bool become_uid_0 = false;         ///< As AwaitIdMaps of its user namespace.
  bool become_gid_0 = false;
  const char* directory = nullptr;  ///< The caller's, where the process asks for no other.
};

/// The status of a probe that could not be begun.
inline constexpr int no_probe = 125;

/// Never returns: exits with 0 where the process is ready.
[[noreturn]] void run_probe(Context& context, const ProbeOrder& order);

}  // namespace pidns::child
