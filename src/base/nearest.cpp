#include "base/nearest.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace pidns {
namespace {

constexpr std::size_t longest = 48;
constexpr std::size_t far_away = ~std::size_t{0};

constexpr char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) noexcept {
  if (a.size() > longest || b.size() > longest) return far_away;
  using Row = std::array<std::size_t, longest + 1>;
  Row before_last{};
  Row last{};
  Row row{};
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before_last = last;
    last = row;
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = lower(a[i - 1]) == lower(b[j - 1]);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1)});
      const bool swapped = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]);
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
  }
  return row[b.size()];
}

Nearest::Nearest(std::string_view word) noexcept
    : wanted_(word), distance_(std::max<std::size_t>(1, word.size() / 3) + 1) {}

void Nearest::offer(std::string_view candidate) noexcept {
  const std::size_t longer = std::max(wanted_.size(), candidate.size());
  if (longer - std::min(wanted_.size(), candidate.size()) >= distance_) return;
  const std::size_t distance = edit_distance(wanted_, candidate);
  if (distance >= distance_ || distance >= candidate.size()) return;
  distance_ = distance;
  best_ = candidate;
}

}  // namespace pidns
