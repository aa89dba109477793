#pragma once

#include "spec/caller_facts.h"
#include "spec/spec.h"

namespace pidns {

/// Which of the costly facts checking and planning this spec will look at.
FactNeeds needed_facts(const Spec& spec);

/// A caller to whom everything is allowed: no rule finds anything for the caller's sake. `--offline`.
CallerFacts any_caller();

}  // namespace pidns
