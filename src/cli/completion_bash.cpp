#include "base/quote.h"
#include "cli/completion.h"

namespace pidns::cli {
namespace {

// clang-format off
constexpr std::string_view head = R"sh(# bash completion of pidns, written by `pidns completion bash`

# What begins with $cur of the kind or among the lines of $1. Without bash-completion's own helpers.
_pidns_offer() {
  local IFS=$'\n' before=
  case $1 in
    SPEC | FILE | OLD) compopt -o filenames 2>/dev/null; COMPREPLY+=($(compgen -f -- "$cur")) ;;
    DIR) compopt -o filenames 2>/dev/null; COMPREPLY+=($(compgen -d -- "$cur")) ;;
    NAME) COMPREPLY+=($(compgen -W "$("$program" completion names 2>/dev/null)" -- "$cur")) ;;
    ADDRESS) COMPREPLY+=($(compgen -W "$("$program" completion addresses "$name" 2>/dev/null)" -- "$cur")) ;;
    PID) COMPREPLY+=($(cd /proc && compgen -d -X '[!0-9]*' -- "$cur")) ;;
    USER) COMPREPLY+=($(compgen -u -- "$cur")) ;;
    GROUP) COMPREPLY+=($(compgen -g -- "$cur")) ;;
    ,*)
      [[ $cur == *,* ]] && before=${cur%,*},
      COMPREPLY+=($(compgen -P "$before" -W "${1#,}" -- "${cur##*,}")) ;;
    *) COMPREPLY+=($(compgen -W "$1" -- "$cur")) ;;
  esac
}

_pidns() {
  local program=${COMP_WORDS[0]/#\~\//$HOME/} verb=${COMP_WORDS[1]} cur=${COMP_WORDS[COMP_CWORD]}
  local word= option= name= switches= valued= kinds= many= rest= given=0 i
  COMPREPLY=()
)sh";

constexpr std::string_view middle = R"sh(    *) return ;;
  esac
  for ((i = 2; i < COMP_CWORD; ++i)); do
    word=${COMP_WORDS[i]}
    if [[ $word == -- ]]; then
      [[ $rest ]] || return
      if ((i + 1 == COMP_CWORD)); then COMPREPLY=($(compgen -c -- "$cur")); else _pidns_offer FILE; fi
      return
    fi
    if [[ " $valued " == *" $word "* ]]; then
      option=$word
      # `--option=value` comes as three words.
      [[ ${COMP_WORDS[i + 1]} == = ]] && ((i + 1 < COMP_CWORD)) && ((++i))
      ((++i))
      ((i < COMP_CWORD)) && option=
    elif [[ $word != -* ]]; then
      ((given++ == 0)) && name=$word
    fi
  done
  if [[ $option ]]; then
    [[ $cur == = ]] && cur=
    case "$verb $option" in
)sh";

constexpr std::string_view tail = R"sh(    esac
    return
  fi
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W "$switches" -- "$cur"))
    return
  fi
  local -a all=($kinds)
  if ((given >= ${#all[@]})); then
    [[ $many ]] || return
    given=$((${#all[@]} - 1))
  fi
  for word in ${all[given]//|/ }; do _pidns_offer "$word"; done
}

complete -F _pidns pidns
)sh";
// clang-format on

/// `$'a\nb'`: words as lines.
std::string lines(const std::vector<std::string>& words) {
  std::string text = "$'";
  for (const std::string& word : words) text += (text.size() > 2 ? "\\n" : "") + word;
  return text + "'";
}

std::string all_verbs() {
  std::string text;
  for (const Command& command : commands()) text += std::string(command.name) + " ";
  return text + "--help --version";
}

/// One line of the table: `run) switches='…' valued='…' kinds='SPEC' many= rest=1 ;;`.
std::string row(const Command& command) {
  std::string switches;
  std::string valued;
  for (const Option* option : command.options) {
    const std::string name = "--" + std::string(option->name);
    switches += (switches.empty() ? "" : " ") + name;
    if (option->value.empty()) continue;
    valued += (valued.empty() ? "" : " ") + name;
    if (option->letter != 0) valued += std::string(" -") + option->letter;
  }
  std::string kinds;
  for (const OperandWords& operand : operands_of(command)) {
    kinds += kinds.empty() ? "" : " ";
    for (const std::string_view word : operand) {
      const auto words = words_of(word);
      if (kinds.back() != ' ' && !kinds.empty() && word != operand.front()) kinds += '|';
      kinds += words.empty() ? std::string(word) : "";
      for (const std::string& each : words) kinds += (each == words.front() ? "" : "|") + each;
    }
  }
  return "    " + std::string(command.name) + ") switches=" + sh_quote(switches) + " valued=" + sh_quote(valued) +
         " kinds=" + sh_quote(kinds) + (command.most == any_number ? " many=1" : "") +
         (command.takes_arguments ? " rest=1" : "") + " ;;\n";
}

std::string values(const Command& command) {
  std::string text;
  for (const Option* option : command.options) {
    if (option->value.empty()) continue;
    const auto words = words_of(option->value);
    const bool is_list = option->value.ends_with(",...");
    std::string pattern = "'" + std::string(command.name) + " --" + std::string(option->name) + "'";
    if (option->letter != 0) pattern += " | '" + std::string(command.name) + " -" + option->letter + "'";
    text += "      " + pattern + ") _pidns_offer ";
    text += words.empty() ? std::string(option->value) : (is_list ? "," : "") + lines(words);
    text += " ;;\n";
  }
  return text;
}

}  // namespace

std::string completion_bash() {
  std::string text(head);
  text += "  if ((COMP_CWORD == 1)); then\n    COMPREPLY=($(compgen -W " + sh_quote(all_verbs()) +
          " -- \"$cur\"))\n    return\n  fi\n  case $verb in\n";
  for (const Command& command : commands()) text += row(command);
  text += middle;
  for (const Command& command : commands()) text += values(command);
  return text + std::string(tail);
}

}  // namespace pidns::cli
