#pragma once

/// What `enter` and `exec` share: their options, and how their end is told.

#include <optional>
#include <string>

#include "cli/command.h"
#include "run/look/enter.h"

namespace pidns::cli {

/// A whole positive number of at most nine digits; nothing for anything else.
std::optional<int> parse_pid(const std::string& word);

/// --kind, --user, --group and the command. The error is a sentence about wrong usage.
tl::expected<Entry, std::string> parse_entry(const ParsedArguments& parsed);

/// Enters; the verb's status, or the death by the command's signal. `where` begins a message.
int enter_and_report(Entry entry, const std::string& where);

}  // namespace pidns::cli
