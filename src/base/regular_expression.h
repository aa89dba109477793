#pragma once

#include <string>
#include <string_view>

namespace pidns {

/// Longer ones are refused: the standard library's compiler uses the stack for each of their parts.
inline constexpr std::size_t longest_regex = 1000;

/// What keeps a text from being a regular expression of ECMAScript, in words; empty where it is one.
std::string regex_mistake(std::string_view text);

}  // namespace pidns
