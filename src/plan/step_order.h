#pragma once

#include "plan/step.h"

namespace pidns {

/// The one order of set-up that the kernel accepts, as a number a kind of step; steps of a process
/// never go back. Creating children and ending have the highest.
int rank(const Action& action);

/// What the tests and verify call a kind of step: `SetHostname`.
const char* kind_name(const Action& action);

}  // namespace pidns
