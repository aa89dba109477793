#include "base/quote.h"
#include "cli/completion.h"

namespace pidns::cli {
namespace {

// clang-format off
constexpr std::string_view head = R"sh(#compdef pidns
# zsh completion of pidns, written by `pidns completion zsh`

_pidns_names() {
  local -a found=(${(f)"$($_pidns_program completion names 2>/dev/null)"})
  compadd -a found
}

_pidns_addresses() {
  local -a found=(${(f)"$($_pidns_program completion addresses $line[1] 2>/dev/null)"})
  compadd -a found
}

_pidns_pids() {
  local -a found=(/proc/<->(N:t))
  compadd -a found
}

_pidns_pids_or_names() {
  _pidns_names
  _pidns_pids
}

_pidns() {
  local _pidns_program=${words[1]/#\~\//$HOME/} dashes=${words[(i)--]}
  if ((dashes < CURRENT)); then
    shift $dashes words
    ((CURRENT -= dashes))
    _normal
    return
  fi
  if ((CURRENT == 2)); then
    local -a verbs=(
)sh";

constexpr std::string_view middle = R"sh(    )
    _describe verb verbs
    return
  fi
  shift words
  ((CURRENT -= 1))
  case $words[1] in
)sh";

constexpr std::string_view tail = R"sh(  esac
}

# Loaded by `source`, or as the function _pidns of $fpath.
if [[ $funcstack[1] == _pidns ]]; then
  _pidns "$@"
else
  compdef _pidns pidns
fi
)sh";
// clang-format on

/// What _arguments takes as an action.
std::string action(const OperandWords& operand) {
  if (operand.size() > 1) return "_pidns_pids_or_names";
  const std::string_view word = operand.front();
  const auto words = words_of(word);
  if (word.ends_with(",...")) {
    std::string list = "_values -s , kind";
    for (const std::string& each : words) list += " " + each;
    return list;
  }
  if (!words.empty()) {
    std::string list;
    for (const std::string& each : words) list += (list.empty() ? "(" : " ") + each;
    return list + ")";
  }
  if (word == "NAME") return "_pidns_names";
  if (word == "ADDRESS") return "_pidns_addresses";
  if (word == "PID") return "_pidns_pids";
  if (word == "USER") return "_users";
  if (word == "GROUP") return "_groups";
  if (word == "DIR") return "_files -/";
  return "_files";
}

/// Text within brackets of an _arguments specification.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char letter : text) {
    if (letter == '[' || letter == ']' || letter == ':' || letter == '\\') out += '\\';
    out += letter;
  }
  return out;
}

std::string option_line(const Option& option) {
  const std::string name = "--" + std::string(option.name);
  std::string rest = "[" + escaped(option.summary) + "]";
  if (!option.value.empty()) rest += ":" + escaped(option.name) + ":" + action({option.value});
  const bool repeats = option.name == "verbose";
  std::string text;
  if (option.letter != 0) text += " " + sh_quote((repeats ? "*" : "") + std::string("-") + option.letter + rest);
  return text + " " + sh_quote((repeats ? "*" : "") + name + (option.value.empty() ? "" : "=") + rest);
}

std::string row(const Command& command) {
  std::string text = "    " + std::string(command.name) + ")\n      _arguments -s";
  for (const Option* option : command.options) text += " \\\n       " + option_line(*option);
  const auto operands = operands_of(command);
  for (std::size_t i = 0; i < operands.size(); ++i) {
    const bool repeats = i + 1 == operands.size() && command.most == any_number;
    text += " \\\n        " + sh_quote((repeats ? "*" : std::to_string(i + 1)) + ":" +
                                       std::string(operands[i].front()) + ":" + action(operands[i]));
  }
  return text + "\n      ;;\n";
}

}  // namespace

std::string completion_zsh() {
  std::string text(head);
  for (const Command& command : commands())
    text += "      " + sh_quote(std::string(command.name) + ":" + escaped(command.summary)) + "\n";
  text += middle;
  for (const Command& command : commands()) text += row(command);
  return text + std::string(tail);
}

}  // namespace pidns::cli
