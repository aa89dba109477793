#pragma once

/// The options of a verb: a table of them goes in, what was given comes out. options.cpp alone
/// knows the parser behind it.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

namespace pidns::cli {

/// One option of the table. `value` is empty for a switch, a word for people (`FILE`), or the only
/// words that are accepted (`auto|always|never`).
struct Option {
  std::string_view name;
  char letter;  ///< 0 for none.
  std::string_view value;
  std::string_view summary;
};

/// What stood after the verb.
class ParsedArguments {
 public:
  std::vector<std::string> operands;
  std::vector<std::string> arguments;  ///< After `--`, untouched.
  bool has_arguments = false;          ///< There was a `--`.

  void give(const Option& option, std::size_t times, std::string value);
  [[nodiscard]] bool has(const Option& option) const { return count(option) != 0; }
  [[nodiscard]] std::size_t count(const Option& option) const;
  /// The last value given, or the fallback.
  [[nodiscard]] std::string_view value(const Option& option, std::string_view fallback) const;

 private:
  struct Given {
    const Option* option;
    std::size_t times;
    std::string value;
  };
  std::vector<Given> given_;
};

using OptionTable = std::span<const Option* const>;

/// Options may stand before or after operands. The error is a sentence for people.
tl::expected<ParsedArguments, std::string> parse_options(OptionTable table, std::span<char* const> words);

/// The words of an Option::value that are the only ones accepted; empty where it is no such list.
std::vector<std::string_view> choices(std::string_view value);

/// How help writes an option: `-v, --verbose`, `--color auto|always|never`.
std::string option_usage(const Option& option);

}  // namespace pidns::cli
