#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pidns {

/// A half-open range of bytes in a SourceFile. An empty span at 0 means "nowhere".
struct Span {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  [[nodiscard]] bool empty() const noexcept { return begin == end; }
  friend bool operator==(const Span&, const Span&) = default;
};

/// A place as people count: both from 1, columns in bytes.
struct Position {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};

/// The text of a spec and the name people know it by. Owns its text; line starts are found on the
/// first question about a position, so that a run without a finding never looks for them.
class SourceFile {
 public:
  SourceFile(std::string name, std::string text);

  /// The path as the caller wrote it, or `<stdin>`.
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] std::string_view text() const noexcept { return text_; }
  [[nodiscard]] std::string_view slice(Span span) const noexcept;
  [[nodiscard]] Position position(std::uint32_t offset) const;
  /// A line without its line break, counted from 1; empty where there is none.
  [[nodiscard]] std::string_view line(std::uint32_t number) const;
  /// `file:line:column`, the form editors jump to.
  [[nodiscard]] std::string where(Span span) const;

 private:
  const std::vector<std::uint32_t>& starts() const;

  std::string name_;
  std::string text_;
  mutable std::vector<std::uint32_t> starts_;
};

/// Where something in a spec was written. `merge` is the `<<` (or the alias) that brought a merged
/// value here; empty for what stands here itself.
struct Place {
  Span key;
  Span value;
  Span merge;
};

}  // namespace pidns
