#pragma once

/// Words of the language for its enumerations, shared by the plan as text and as JSON.

#include <string>
#include <vector>

#include "plan/graph.h"

namespace pidns {

/// `pid, mount, uts`.
std::string kinds_text(NamespaceSet kinds);
const char* propagation_word(Propagation mode) noexcept;
const char* hidepid_word(HidePid mode) noexcept;
const char* id_map_word(IdMapKind kind) noexcept;
const char* root_word(Root::Type type) noexcept;
const char* condition_word(Condition condition) noexcept;
/// `ready when port 80 accepts, within 30s`.
std::string ready_text(const Ready& ready);
/// `tcp`.
const char* probe_word(Ready::Probe probe) noexcept;
/// What a command's keys say about its end, and no default does: `timeout after 3s`.
struct EndWords {
  std::string words;
  const char* key;
  Place place;  ///< Of a timeout alone.
};
std::vector<EndWords> end_texts(const Process& process);
/// A limit's name for programs: `clears-tie`.
const char* limit_word(Limit limit) noexcept;

}  // namespace pidns
