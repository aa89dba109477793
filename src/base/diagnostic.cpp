#include "base/diagnostic.h"

#include <algorithm>
#include <utility>

namespace pidns {

Span caret(const Diagnostic& diagnostic) noexcept {
  const Place& place = diagnostic.place;
  const Span wanted = diagnostic.at_value ? place.value : place.key;
  return wanted == Span{} ? (diagnostic.at_value ? place.key : place.value) : wanted;
}

std::vector<Label> labels_of(const SourceFile& source, const Diagnostic& diagnostic) {
  std::vector<Label> labels = diagnostic.labels;
  const Span merge = diagnostic.place.merge;
  if (!merge.empty()) labels.push_back({merge, source.slice(merge).starts_with('*') ? "used here" : "merged here"});
  return labels;
}

bool Diagnostics::is_full() const noexcept {
  constexpr std::size_t most = 10'000;
  return all_.size() >= most;
}

Diagnostic& Diagnostics::add(Severity severity, Code code, Place place, std::string message) {
  const bool full = is_full();
  if (full) {
    dropped_errors_ += severity == Severity::error ? 1 : 0;
    dropped_ = Diagnostic(code);
  }
  Diagnostic& added = full ? dropped_ : all_.emplace_back(code);
  added.severity = severity;
  added.place = place;
  added.message = std::move(message);
  return added;
}

Diagnostic& Diagnostics::error(Code code, Place place, std::string message) {
  return add(Severity::error, code, place, std::move(message));
}

Diagnostic& Diagnostics::error_at_value(Code code, Place place, std::string message) {
  Diagnostic& added = error(code, place, std::move(message));
  added.at_value = true;
  return added;
}

Diagnostic& Diagnostics::warning(Code code, Place place, std::string message) {
  return add(Severity::warning, code, place, std::move(message));
}

std::size_t Diagnostics::errors() const noexcept {
  const auto is_error = [](const Diagnostic& one) { return one.severity == Severity::error; };
  return static_cast<std::size_t>(std::count_if(all_.begin(), all_.end(), is_error)) + dropped_errors_;
}

bool Diagnostics::has_errors() const noexcept { return errors() != 0; }

std::size_t Diagnostics::warnings() const noexcept { return all_.size() + dropped_errors_ - errors(); }

void Diagnostics::sort_by_place() {
  std::stable_sort(all_.begin(), all_.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return std::pair(caret(a).begin, caret(a).end) < std::pair(caret(b).begin, caret(b).end);
  });
  // A mistake in an anchor is found wherever the anchor is merged; it is one mistake. The equal ones
  // are not always neighbours, but those at one place are few.
  std::vector<Diagnostic> kept;
  for (auto& one : all_) {
    bool known = false;
    for (auto before = kept.rbegin(); !known && before != kept.rend() && caret(*before) == caret(one); ++before)
      known = before->message == one.message && before->severity == one.severity;
    if (!known) kept.push_back(std::move(one));
  }
  all_ = std::move(kept);
}

void Diagnostics::promote_warnings() {
  for (auto& one : all_) one.severity = Severity::error;
}

std::string count_findings(const Diagnostics& diagnostics) {
  const auto count = [](std::size_t number, const char* word) {
    return std::to_string(number) + ' ' + word + (number == 1 ? "" : "s");
  };
  const std::size_t errors = diagnostics.errors();
  const std::size_t warnings = diagnostics.warnings();
  std::string text;
  if (errors != 0) text = count(errors, "error");
  if (errors != 0 && warnings != 0) text += ", ";
  if (warnings != 0) text += count(warnings, "warning");
  return text;
}

}  // namespace pidns
