#include <set>

#include "cli/completion.h"

namespace pidns::cli {
namespace {

// clang-format off
constexpr std::string_view head = R"sh(# fish completion of pidns, written by `pidns completion fish`

# The verb and the operands before the cursor: no options, and not what these take.
function __pidns_operands
    set -l is_value 0
    for word in (commandline -opc)[2..-1]
        if test $is_value = 1
            set is_value 0
        else if contains -- $word $__pidns_valued
            set is_value 1
        else if not string match -q -- '-*' $word
            echo $word
        end
    end
end

# That the verb is $argv[1], and as many operands as $argv[2] have been given; with $argv[3] or more.
function __pidns_at
    contains -- -- (commandline -opc); and return 1
    set -l words (__pidns_operands)
    test "$words[1]" = $argv[1]; or return 1
    set -l given (math (count $words) - 1)
    test (count $argv) -gt 2; and test $given -ge $argv[2]; and return 0
    test $given -eq $argv[2]
end

function __pidns_verb_is
    contains -- -- (commandline -opc); and return 1
    set -l words (__pidns_operands)
    test "$words[1]" = $argv[1]
end

# Behind `--` stands another command.
function __pidns_is_inside
    contains -- -- (commandline -opc)
end

function __pidns_inside
    set -l words (commandline -opc) (commandline -ct)
    set -l dashes (contains -i -- -- $words)
    complete -C (string join -- ' ' (string escape -- $words[(math $dashes + 1)..-2]) $words[-1])
end

function __pidns_names
    set -l program (string replace -r '^~/' "$HOME/" -- (commandline -opc)[1])
    $program completion names 2>/dev/null
end

function __pidns_addresses
    set -l words (__pidns_operands)
    set -l program (string replace -r '^~/' "$HOME/" -- (commandline -opc)[1])
    $program completion addresses $words[2] 2>/dev/null
end

function __pidns_pids
    string match -r '^[0-9]+$' (command ls /proc)
end

complete -c pidns -f
complete -c pidns -n 'test (count (commandline -opc)) -eq 1' -l help -d 'show the verbs'
complete -c pidns -n 'test (count (commandline -opc)) -eq 1' -l version -d 'show the version'
complete -c pidns -n __pidns_is_inside -a '(__pidns_inside)'
)sh";
// clang-format on

/// A word in single quotes: fish knows no other escapes there than these two.
std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char letter : text) {
    if (letter == '\'' || letter == '\\') out += '\\';
    out += letter;
  }
  return out + "'";
}

/// `-a …` for what a word may be; `-F` for files.
std::string offers(std::string_view word) {
  const auto words = words_of(word);
  std::string list;
  for (const std::string& each : words) list += (list.empty() ? "" : " ") + each;
  if (word.ends_with(",...")) return " -a \"(__fish_append , " + list + ")\"";
  if (!words.empty()) return " -a " + quoted(list);
  if (word == "NAME") return " -a '(__pidns_names)'";
  if (word == "ADDRESS") return " -a '(__pidns_addresses)'";
  if (word == "PID") return " -a '(__pidns_pids)'";
  if (word == "USER") return " -a '(__fish_complete_users)'";
  if (word == "GROUP") return " -a '(__fish_complete_groups)'";
  return " -F";
}

std::string option_line(const Command& command, const Option& option) {
  std::string text =
      "complete -c pidns -n '__pidns_verb_is " + std::string(command.name) + "' -l " + std::string(option.name);
  if (option.letter != 0) text += std::string(" -s ") + option.letter;
  if (!option.value.empty()) text += (offers(option.value) == " -F" ? " -r" : " -x") + offers(option.value);
  return text + " -d " + quoted(option.summary) + "\n";
}

/// Options of any verb that take a value: no word means another thing in another verb.
std::string valued_options() {
  std::set<std::string> words;
  for (const Command& command : commands())
    for (const Option* option : command.options) {
      if (option->value.empty()) continue;
      words.insert("--" + std::string(option->name));
      if (option->letter != 0) words.insert(std::string("-") + option->letter);
    }
  std::string text;
  for (const std::string& word : words) text += " " + word;
  return text;
}

std::string rows(const Command& command) {
  std::string text = "\ncomplete -c pidns -n 'test (count (commandline -opc)) -eq 1' -a " + std::string(command.name) +
                     " -d " + quoted(command.summary) + "\n";
  const auto operands = operands_of(command);
  for (std::size_t i = 0; i < operands.size(); ++i) {
    const bool repeats = i + 1 == operands.size() && command.most == any_number;
    for (const std::string_view word : operands[i])
      text += "complete -c pidns -n '__pidns_at " + std::string(command.name) + " " + std::to_string(i) +
              (repeats ? " more" : "") + "'" + offers(word) + "\n";
  }
  for (const Option* option : command.options) text += option_line(command, *option);
  return text;
}

}  // namespace

std::string completion_fish() {
  std::string text(head);
  text += "set -g __pidns_valued" + valued_options() + "\n";
  for (const Command& command : commands()) text += rows(command);
  return text;
}

}  // namespace pidns::cli
