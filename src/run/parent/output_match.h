#pragma once

#include <string>
#include <string_view>

namespace pidns {

/// Looks for a regular expression in what a process writes, line by line, whatever pieces it comes in.
class OutputMatch {
 public:
  explicit OutputMatch(std::string expression) : expression_(std::move(expression)) {}

  /// Whether it has been found, now or before.
  bool take(std::string_view text);

 private:
  bool matches(const std::string& line) const;

  std::string expression_;
  std::string line_;
  bool found_ = false;
};

}  // namespace pidns
