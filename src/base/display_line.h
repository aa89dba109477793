#pragma once

/// One line of a spec as it can be shown: tabs expanded, nothing that moves the cursor, and for every
/// byte the column where it stands.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pidns {

class DisplayLine {
 public:
  /// Without `utf8` everything beyond ASCII is shown as `?`.
  DisplayLine(std::string_view line, bool utf8);

  [[nodiscard]] std::size_t width() const noexcept { return width_; }
  /// The column, from 0, where a byte of the line is shown; the width for what lies behind the line.
  [[nodiscard]] std::size_t column(std::size_t byte) const noexcept;
  /// What stands in the columns from `begin` to `end`.
  [[nodiscard]] std::string cut(std::size_t begin, std::size_t end) const;

 private:
  struct Cell {
    std::uint32_t byte;    ///< Where it begins in the line.
    std::uint32_t column;  ///< Where it begins on the screen.
    std::uint32_t width;
    std::string shown;
  };
  std::vector<Cell> cells_;
  std::size_t width_ = 0;
};

/// Text that can be shown: control characters, and the invisible ones that turn the direction of
/// writing, become `?`. Line breaks too.
std::string printable(std::string_view text);

/// How many columns a printable text takes.
std::size_t display_width(std::string_view text);

}  // namespace pidns
