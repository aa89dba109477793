#pragma once

#include <string>
#include <string_view>

#include "cli/command.h"

namespace pidns::cli {

/// The verb of a word, where it is one of ours or the word that another tool has for one of ours.
const Command* resolve_verb(std::string_view word) noexcept;

/// What to say to a word that is no verb.
std::string unknown_verb(std::string_view word);

}  // namespace pidns::cli
