#pragma once

#include "spec/caller_facts.h"
#include "spec/spec.h"

namespace pidns {

/// Which of the costly facts checking and planning this spec will look at.
FactNeeds needed_facts(const Spec& spec);

}  // namespace pidns
