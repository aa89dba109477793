#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pidns {

/// `SIGTERM`, `term`, `15`, `SIGRTMIN+3`, `rtmax-1`, in any case. Nothing for what is no signal.
/// SIGRTMIN is the C library's (34 with glibc), as for kill(1).
std::optional<int> parse_signal(std::string_view word);

/// `SIGTERM`; `SIGRTMIN+3`; `signal 99` for what has no name.
std::string signal_name(int number);

/// The nearest signal's name to a mistyped word, or nothing where none is near.
std::optional<std::string> nearest_signal(std::string_view word);

}  // namespace pidns
