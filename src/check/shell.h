#pragma once

#include <string_view>

namespace pidns {

/// Whether a shell script starts a job with `&`: outside of quotes and comments, not `&&`, not a part
/// of a redirection. A guess, good enough for a warning.
bool has_background_job(std::string_view script) noexcept;

/// Whether the word `trap` stands in a command's place. A guess, too.
bool has_trap(std::string_view script) noexcept;

}  // namespace pidns
