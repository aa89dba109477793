#pragma once

/// Shell completion, written from the command table. The scripts ask back for what lives:
/// `pidns completion names`, `pidns completion addresses NAME`.

#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"

namespace pidns::cli {

/// What one operand of a verb may be, as its usage calls it: `SPEC`; `PID` or `NAME`.
using OperandWords = std::vector<std::string_view>;

/// The operands of a verb from its usage, in order.
std::vector<OperandWords> operands_of(const Command& command);

/// The words among which an option's value is chosen; empty where there is no such list.
std::vector<std::string> words_of(std::string_view value);

std::string completion_bash();
std::string completion_zsh();
std::string completion_fish();

}  // namespace pidns::cli
