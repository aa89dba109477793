#pragma once

/// Small words that the plan as text and the plan as JSON share.

#include <string>

#include "plan/step.h"

namespace pidns {

/// `pid, mount, uts`.
std::string kinds_text(NamespaceSet kinds);
const char* propagation_word(Propagation mode) noexcept;
const char* hidepid_word(HidePid mode) noexcept;
const char* id_map_word(IdMapKind kind) noexcept;
const char* root_word(Root::Type type) noexcept;
const char* condition_word(Condition condition) noexcept;
/// `CAP_NET_RAW`, or `capability 41` beyond those that have a name.
std::string capability_word(unsigned number);

}  // namespace pidns
