#pragma once

#include <string_view>

namespace pidns::cli {

/// Writes a picture in Graphviz's language to standard output as SVG, by Graphviz's own dot(1).
/// False, after a message on standard error, where there is none or it could not.
[[nodiscard]] bool write_svg(std::string_view dot);

}  // namespace pidns::cli
