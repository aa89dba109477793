#include "cli/completion.h"

#include "base/codes.h"
#include "base/signal_name.h"
#include "spec/namespace_kind.h"

namespace pidns::cli {
namespace {

bool is_capital(char letter) { return letter >= 'A' && letter <= 'Z'; }

}  // namespace

std::vector<OperandWords> operands_of(const Command& command) {
  std::vector<OperandWords> operands;
  const std::string_view usage = command.usage.substr(0, command.usage.find("[--"));
  bool is_alternative = false;
  for (std::size_t at = 0; at < usage.size();) {
    if (usage[at] == '|') is_alternative = true;
    if (!is_capital(usage[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < usage.size() && is_capital(usage[end])) ++end;
    const std::string_view word = usage.substr(at, end - at);
    at = end;
    if (word == "OPTION") continue;
    if (is_alternative && !operands.empty())
      operands.back().push_back(word);
    else
      operands.push_back({word});
    is_alternative = false;
  }
  return operands;
}

std::vector<std::string> words_of(std::string_view value) {
  std::vector<std::string> words;
  if (value == "SIGNAL") {
    for (const std::string_view word : signal_words()) words.emplace_back(word);
  } else if (value == "KIND,...") {
    for (const NamespaceKindInfo& kind : namespace_kinds) words.emplace_back(kind.name);
  } else if (value == "CODE") {
    for (const CodeInfo& code : codes()) words.emplace_back(code_text(code.code));
  } else if (value == "VERB") {
    for (const Command& command : commands()) words.emplace_back(command.name);
  } else if (value == "SHELL") {
    words = {"bash", "zsh", "fish"};
  } else {
    for (const std::string_view word : choices(value)) words.emplace_back(word);
  }
  return words;
}

}  // namespace pidns::cli
