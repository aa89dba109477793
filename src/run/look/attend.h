#pragma once

/// Waiting for one child that is in other namespaces.

#include <sys/types.h>

#include "run/parent/pty_relay.h"
#include "sys/raw.h"
#include "sys/unique_fd.h"

namespace pidns {

/// Signals of this process from the fork to the end of its one child. Until that has been stopped once, the
/// kernel reaps it by itself (SA_NOCLDWAIT) and the status comes with SIGCHLD: the end of a pid namespace
/// waits until each of its processes has been reaped, and a parent that is stopped would hold it up.
class Attendance {
 public:
  /// Before the fork.
  Attendance();
  /// For the child to have back.
  [[nodiscard]] raw::SignalSet caller_mask() const noexcept { return caller_mask_; }
  [[nodiscard]] bool caller_ignored_sigchld() const noexcept { return caller_ignored_sigchld_; }

  /// Until the child has ended; its status as of wait(2). What is sent to us is passed on. `relay`: the
  /// terminal of the child; null where it has ours, and with it hears ^C and ^Z itself. Where it was
  /// stopped so, we stop too, for our shell to see; without a terminal there is none that could continue us.
  int until_end(pid_t child, int pidfd, PtyRelay* relay);
  /// What the child wrote to its terminal comes out, for as long as somebody takes it and nobody says enough.
  void drain(PtyRelay& relay);

 private:
  bool hear(pid_t child, int pidfd, PtyRelay* relay, int& status);
  void stop(int pidfd, PtyRelay* relay);

  raw::SignalSet caller_mask_ = 0;
  bool caller_ignored_sigchld_ = false;
  bool has_terminal_ = false;  ///< Whose shell sees us stop, and can continue us.
  UniqueFd signals_;
};

}  // namespace pidns
