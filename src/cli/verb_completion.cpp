#include "cli/completion.h"
#include "cli/output.h"
#include "cli/verbs.h"
#include "state/address.h"
#include "state/store.h"

namespace pidns::cli {
namespace {

std::string as_lines(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += word + "\n";
  return text;
}

/// What the scripts ask back, in silence: `names`, or `addresses NAME`. No answer is one, too.
std::string live_words(const ParsedArguments& parsed) {
  std::vector<std::string> words;
  if (parsed.operands[0] == "names")
    for (RunState& state : live_instances()) words.push_back(std::move(state.name));
  else if (parsed.operands.size() > 1)
    if (const auto state = find_instance(parsed.operands[1])) words = addresses_of(*state);
  return as_lines(words);
}

}  // namespace

int verb_completion(const Command& command, const ParsedArguments& parsed) {
  const std::string& word = parsed.operands[0];
  if (word == "names" || word == "addresses") return write_output(live_words(parsed)) ? 0 : command.usage_status;
  if (parsed.operands.size() > 1) return refuse_usage(command, "one shell is enough");
  if (word == "bash") return write_output(completion_bash()) ? 0 : command.usage_status;
  if (word == "zsh") return write_output(completion_zsh()) ? 0 : command.usage_status;
  if (word == "fish") return write_output(completion_fish()) ? 0 : command.usage_status;
  return refuse_usage(command, "`" + word + "` is no shell that it knows: there are bash, zsh and fish");
}

}  // namespace pidns::cli
