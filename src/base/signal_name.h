#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pidns {

/// `SIGTERM`, `term`, `15`, `SIGRTMIN+3`, `rtmax-1`, in any case. Nothing for what is no signal.
/// SIGRTMIN is the C library's (34 with glibc), as for kill(1).
std::optional<int> parse_signal(std::string_view word);

/// `SIGTERM`; `SIGRTMIN+3`; `signal 99` for what has no name.
std::string signal_name(int number);

/// Every name that parse_signal knows, `TERM`, real-time signals apart.
std::vector<std::string_view> signal_words();

/// The nearest signal's name to a mistyped word, or nothing where none is near.
std::optional<std::string> nearest_signal(std::string_view word);

}  // namespace pidns
