#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace pidns {

/// Looks for a regular expression in what a process writes, line by line, whatever pieces it comes in.
class OutputMatch {
 public:
  explicit OutputMatch(std::string expression) : expression_(std::move(expression)) {}
  [[nodiscard]] bool found() const noexcept { return found_; }

  /// Whether it has been found, now or before.
  bool take(std::string_view text);

 private:
  struct Compiled;
  bool matches(const std::string& line);

  std::string expression_;
  std::shared_ptr<const Compiled> compiled_;  ///< With the first piece: few processes have an expression.
  std::string line_;
  bool found_ = false;
};

}  // namespace pidns
