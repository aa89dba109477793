#include "cli/entering.h"
#include "cli/verbs.h"

namespace pidns::cli {

int verb_enter(const Command& command, const ParsedArguments& parsed) {
  const std::string& word = parsed.operands.front();
  const auto pid = parse_pid(word);
  if (!pid)
    return refuse_usage(command, "`" + word + "` is no pid; for an instance there is `pidns exec " + word + "`");
  auto entry = parse_entry(parsed);
  if (!entry) return refuse_usage(command, entry.error());
  entry->pid = *pid;
  return enter_and_report(std::move(*entry), "enter " + word);
}

}  // namespace pidns::cli
