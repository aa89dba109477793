#pragma once

#include "base/diagnostic.h"
#include "spec/caller_facts.h"
#include "spec/spec.h"

namespace pidns {

/// Every rule of the language and of the kernel, all of them run, all findings added. Pure.
void check(const Spec& spec, const CallerFacts& facts, Diagnostics& diagnostics);

}  // namespace pidns
