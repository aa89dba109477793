#pragma once

#include "spec/caller_facts.h"
#include "spec/spec.h"

namespace pidns {

/// Which of the costly facts checking and planning this spec will look at. What only a warning needs,
/// or what the kernel says as well, is looked at for those who ask what a run would do, not for a run.
enum class LookFor : unsigned char { run, advice };
FactNeeds needed_facts(const Spec& spec, LookFor purpose);

/// A caller to whom everything is allowed: no rule finds anything for the caller's sake. `--offline`.
CallerFacts any_caller();

}  // namespace pidns
