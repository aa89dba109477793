#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace pidns::cli {

/// The known word nearest to a mistyped one, or nothing where none is near enough to be meant.
std::optional<std::string_view> nearest(std::string_view word, std::span<const std::string_view> known);

}  // namespace pidns::cli
