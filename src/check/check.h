#pragma once

#include <vector>

#include "base/diagnostic.h"
#include "spec/caller_facts.h"
#include "spec/spec.h"

namespace pidns {

/// Every rule of the language and of the kernel, all of them run, all findings added. Pure.
void check(const Spec& spec, const CallerFacts& facts, Diagnostics& diagnostics);

/// Which of the findings, by their order, are not among those that any caller gets, by code and place.
std::vector<bool> of_caller(const Diagnostics& found, const Diagnostics& of_anybody);

}  // namespace pidns
