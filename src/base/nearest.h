#pragma once

#include <cstddef>
#include <string_view>

namespace pidns {

/// How many letters must be added, taken away, changed or swapped with their neighbour to make one
/// word of the other; case does not count. Words beyond 48 letters are never near.
std::size_t edit_distance(std::string_view a, std::string_view b) noexcept;

/// Collects the nearest of several candidates to a mistyped word: a third of its letters may be wrong.
class Nearest {
 public:
  explicit Nearest(std::string_view word) noexcept;
  void offer(std::string_view candidate) noexcept;
  /// Empty where none was near.
  [[nodiscard]] std::string_view word() const noexcept { return best_; }

 private:
  std::string_view wanted_;
  std::string_view best_;
  std::size_t distance_;
};

}  // namespace pidns
