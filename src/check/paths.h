#pragma once

#include <string_view>

namespace pidns {

/// Whether `path` is `cover` or lies below it, both absolute. What `..` and links would do is not seen.
inline bool covers(std::string_view cover, std::string_view path) noexcept {
  while (cover.size() > 1 && cover.ends_with('/')) cover.remove_suffix(1);
  if (cover == "/") return true;
  return path.starts_with(cover) && (path.size() == cover.size() || path[cover.size()] == '/');
}

}  // namespace pidns
