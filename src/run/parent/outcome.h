#pragma once

#include "run/parent/process_table.h"

namespace pidns {

/// The status of a run, as the language document fixes it.
struct Outcome {
  int status = 0;
  int die_of = 0;  ///< The signal that pidns dies of, where the only process or `main` died of it; 0: none.
};

/// How one process ended, as the language counts it: `signal` is that of `status` 128+N, else 0.
struct Ending {
  int status;
  int signal;
};
Ending ending_of(const ProcessState& state);

/// Of `main`; else of the only process; else of the first, in document order, that did not end with 0.
/// `stop_was_asked`: a signal asked for the end, so that what was ended counts.
Outcome outcome_of(ProcessTable& table, bool stop_was_asked);

/// Ends this process by `signal`'s default action. Returns only where that can't be: as a PID 1.
void die_of(int signal);

}  // namespace pidns
