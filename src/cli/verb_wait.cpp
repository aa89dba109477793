#include "cli/verbs.h"
#include "cli/watched.h"

namespace pidns::cli {

int verb_wait(const Command& command, const ParsedArguments& parsed) {
  const auto watched = watch(command, parsed.operands.front());
  if (!watched) return command.defect_status;
  has_ended(*watched, -1);
  return status_of(*watched);
}

}  // namespace pidns::cli
