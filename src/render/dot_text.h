#pragma once

#include <string>
#include <string_view>

namespace pidns {

/// Text of an HTML-like label of Graphviz, where entities stand for what has a meaning.
std::string dot_html(std::string_view text);

/// A string in double quotes, as Graphviz reads it: `\l` and the like have a meaning there.
std::string dot_quoted(std::string_view text);

}  // namespace pidns
