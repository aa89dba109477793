#include "cli/dispatch.h"
#include "cli/output.h"
#include "cli/verbs.h"

namespace pidns::cli {

int verb_help(const Command& command, const ParsedArguments& parsed) {
  if (parsed.operands.empty()) return write_output(help_text()) ? 0 : command.usage_status;
  const std::string& word = parsed.operands.front();
  const Command* asked = resolve_verb(word);
  if (asked == nullptr) return refuse_usage(command, unknown_verb(word));
  return write_output(help_text(*asked)) ? 0 : command.usage_status;
}

}  // namespace pidns::cli
