#pragma once

/// Words of the language as regular expressions of ECMAScript, for those who cannot call the parsers.

#include <string>

namespace pidns {

/// What parse_signal takes.
std::string signal_pattern();
/// What parse_capability takes.
std::string capability_pattern();
/// What parse_duration takes.
std::string duration_pattern(bool may_be_negative);

}  // namespace pidns
