#include <algorithm>

#include "cli/verbs.h"

namespace pidns::cli {
namespace {

int status_of(const Command& command, Stop stop) {
  switch (stop) {
    case Stop::unreadable:
      return command.usage_status;
    case Stop::findings:
      return 1;
    case Stop::defect:
      return command.defect_status;
  }
  return command.defect_status;
}

}  // namespace

int verb_validate(const Command& command, const ParsedArguments& parsed) {
  int status = 0;
  for (const std::string& path : parsed.operands) {
    const auto checked = check_spec(check_request(parsed, path));
    if (!checked) status = std::max(status, status_of(command, checked.error()));
  }
  return status;
}

}  // namespace pidns::cli
