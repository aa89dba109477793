#include "cli/output.h"
#include "cli/verbs.h"
#include "render/schema.h"

namespace pidns::cli {

int verb_schema(const Command& command, const ParsedArguments&) {
  return write_output(spec_schema()) ? 0 : command.usage_status;
}

}  // namespace pidns::cli
