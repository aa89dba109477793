#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pidns {

/// The lines at the left of a tree, `step` columns a level. One letter of `guides` a level: ' ' none,
/// '|' goes on, '+' a branch, '`' the last one.
std::string draw_guides(std::string_view guides, std::size_t step, bool utf8);

}  // namespace pidns
