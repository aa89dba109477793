#pragma once

/// The state of an instance as text: one line of JSON, and a second one when it has ended.

#include <optional>
#include <string>
#include <string_view>

#include "state/run_state.h"

namespace pidns {

std::string state_text(const RunState& state);

/// Nothing where the text is none of this version's, or not whole.
std::optional<RunState> read_state(std::string_view text);

/// What is added at the end: `{"status":143}`.
std::string status_record(int status);

/// The status of an instance that has ended; nothing before.
std::optional<int> read_status(std::string_view text);

}  // namespace pidns
