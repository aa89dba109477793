#include "render/diff_steps.h"

#include <algorithm>
#include <map>

namespace pidns {
namespace {

bool is_same(const ComparedStep& a, const ComparedStep& b) { return a.words == b.words && a.arguments == b.arguments; }

/// Length of the longest common subsequence from each pair of positions on.
class Table {
 public:
  Table(const std::vector<ComparedStep>& before, const std::vector<ComparedStep>& after)
      : width_(after.size() + 1), length_((before.size() + 1) * width_, 0) {
    for (std::size_t i = before.size(); i-- > 0;)
      for (std::size_t j = after.size(); j-- > 0;)
        at(i, j) = is_same(before[i], after[j]) ? at(i + 1, j + 1) + 1 : std::max(at(i + 1, j), at(i, j + 1));
  }
  std::size_t& at(std::size_t i, std::size_t j) { return length_[i * width_ + j]; }

 private:
  std::size_t width_;
  std::vector<std::size_t> length_;
};

/// Within a run of changes an old step and a new one of the same kind are one that changed.
void pair_up(std::vector<StepChange>& changes, std::size_t first) {
  for (std::size_t i = first; i < changes.size(); ++i) {
    if (changes[i].after == nullptr || changes[i].before != nullptr) continue;
    for (std::size_t j = first; j < changes.size(); ++j) {
      if (changes[j].before == nullptr || changes[j].after != nullptr) continue;
      if (changes[j].before->step->action.index() != changes[i].after->step->action.index()) continue;
      changes[i].before = changes[j].before;
      changes.erase(changes.begin() + static_cast<std::ptrdiff_t>(j));
      if (j < i) --i;
      break;
    }
  }
}

bool is_inside_letter(const std::string& text, std::size_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0U) == 0x80;
}

/// The part from `begin` to `end`, with a little around it.
std::string excerpt(const std::string& text, std::size_t begin, std::size_t end) {
  constexpr std::size_t around = 24;
  begin = begin > around ? begin - around : 0;
  end = std::min(end + around, text.size());
  while (begin > 0 && is_inside_letter(text, begin)) --begin;
  while (is_inside_letter(text, end)) ++end;
  return (begin > 0 ? "..." : "") + text.substr(begin, end - begin) + (end < text.size() ? "..." : "");
}

}  // namespace

Excerpts excerpts_of(const std::string& before, const std::string& after) {
  const std::size_t shorter = std::min(before.size(), after.size());
  std::size_t begin = 0;
  while (begin < shorter && before[begin] == after[begin]) ++begin;
  std::size_t end = 0;
  while (end < shorter - begin && before[before.size() - 1 - end] == after[after.size() - 1 - end]) ++end;
  return {excerpt(before, begin, before.size() - end), excerpt(after, begin, after.size() - end)};
}

std::vector<StepChange> compare_steps(const std::vector<ComparedStep>& before, const std::vector<ComparedStep>& after) {
  Table table(before, after);
  std::vector<StepChange> changes;
  std::size_t run = 0;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < before.size() || j < after.size()) {
    if (i < before.size() && j < after.size() && is_same(before[i], after[j])) {
      pair_up(changes, run);
      run = changes.size();
      ++i;
      ++j;
    } else if (j == after.size() || (i < before.size() && table.at(i + 1, j) >= table.at(i, j + 1))) {
      changes.push_back({&before[i++], nullptr});
    } else {
      changes.push_back({nullptr, &after[j++]});
    }
  }
  pair_up(changes, run);
  return changes;
}

std::vector<std::string> changed_arguments(const StepArguments& before, const StepArguments& after) {
  std::map<std::string, std::pair<std::string, std::string>> values;
  for (const auto& [name, value] : before) values[name].first = value;
  for (const auto& [name, value] : after) values[name].second = value;
  std::vector<std::string> lines;
  for (const auto& [name, both] : values) {
    const auto& [old_value, new_value] = both;
    if (old_value == new_value) continue;
    const auto shown = [](const std::string& value) { return value.empty() ? std::string("nothing") : value; };
    lines.push_back(name + ": " + shown(old_value) + " -> " + shown(new_value));
  }
  return lines;
}

}  // namespace pidns
