#pragma once

#include "spec/caller_facts.h"

namespace pidns {

/// What the machine tells of its programs, mounts and settings, where a spec needs it. `facts` holds
/// the caller's ids and capabilities already.
void gather_machine_facts(const FactNeeds& needs, CallerFacts& facts);

}  // namespace pidns
