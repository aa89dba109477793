#pragma once

#include <span>
#include <string>
#include <string_view>

#include "cli/options.h"

namespace pidns::cli {

/// As many operands as are given.
inline constexpr std::size_t any_number = ~std::size_t{0};

/// One verb: dispatch, `pidns help`, `--help` and the messages about wrong usage all read this.
struct Command {
  std::string_view name;
  std::string_view summary;      ///< One line, for the list of verbs.
  std::string_view usage;        ///< What stands after the verb.
  std::string_view description;  ///< A short paragraph, with its line breaks.
  OptionTable options;
  std::string_view example;  ///< One line that works when pasted.
  std::size_t fewest;        ///< Operands.
  std::size_t most;
  bool takes_arguments;  ///< May be followed by `-- ARG…`.
  int usage_status;      ///< Of a wrong use.
  int defect_status;     ///< Where pidns itself is wrong.
  int (*run)(const Command& command, const ParsedArguments& parsed);
};

/// All verbs, in the order in which help shows them.
std::span<const Command> commands() noexcept;

/// Nothing where there is none of this name.
const Command* find_command(std::string_view name) noexcept;

/// One verb's answer to a wrong use: the sentence, the usage, where to read more. Returns the status.
int refuse_usage(const Command& command, std::string_view sentence);

/// The text of `pidns --help`, and of `pidns VERB --help`.
std::string help_text();
std::string help_text(const Command& command);

/// `pidns run SPEC [-- ARG...]`.
std::string usage_line(const Command& command);

}  // namespace pidns::cli
