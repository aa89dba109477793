/// A terminal of a process's own in a script: script(1) relays it, without a record of what is said.

#include "base/quote.h"
#include "render/sh_parts.h"

namespace pidns::sh {

std::string terminal_start(const std::string& tie, const std::string& first, const std::string& start,
                           const std::string& steps, bool has_root) {
  // script(1) has a shell of the environment read its line, and the line is no place for so long a text.
  const std::string given = "script_steps=" + steps + (has_root ? " script_root=\"$root\"" : "") +
                            " script_shell=\"${SHELL-}\" SHELL=/bin/sh ";
  std::string line = "\n  set -eu\n  steps=$script_steps SHELL=$script_shell\n";
  if (has_root) line += "  root=$script_root\n";
  line += "  [ -n \"$SHELL\" ] || unset SHELL\n  unset script_steps script_shell";
  if (has_root) line += " script_root";
  // Without a terminal to take it from: what programs assume where they are told nothing.
  line += "\n  [ \"$(stty size)\" != \"0 0\" ] || stty rows 24 cols 80\n";
  if (!first.empty()) line += indented(first.substr(0, first.size() - 1), 2) + "\n";
  const bool is_one_line = start.find('\n') == std::string::npos;
  line += indented((is_one_line ? "exec " : "") + start, 2) + "\n";
  return given + tie + "script -qec " + sh_quote(line) + " /dev/null";
}

}  // namespace pidns::sh
