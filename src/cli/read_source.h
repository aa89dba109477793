#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "base/source.h"

namespace pidns::cli {

/// Specs beyond this are refused: 16 MiB.
inline constexpr std::size_t longest_spec = std::size_t{16} << 20;

/// A whole file, or standard input for `-`. The error is one line for people, with the path and the
/// reason. Reads at most one byte more than longest_spec, so /dev/zero is refused at once.
tl::expected<SourceFile, std::string> read_source(const std::string& path);

}  // namespace pidns::cli
