#pragma once

#include <string_view>

namespace pidns {

/// Whether a process has executed anything since it was forked, by the text of its /proc/PID/stat. One
/// that waits for the start of others says that it executes just before it tries.
bool has_executed(std::string_view stat) noexcept;

}  // namespace pidns
