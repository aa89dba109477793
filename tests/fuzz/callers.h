#pragma once

/// Who may ask, for whom a spec is fuzzed: fixed sets of facts, so that the bytes are the spec alone
/// and any file is a seed.

#include <vector>

#include "spec/caller_facts.h"

namespace pidns::fuzz {

/// root, somebody without privilege, and a root deep inside a container that sees little.
const std::vector<CallerFacts>& callers();

}  // namespace pidns::fuzz
