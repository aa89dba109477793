#include <algorithm>

#include "cli/output.h"
#include "cli/verbs.h"
#include "render/findings.h"

namespace pidns::cli {
namespace {

constexpr int status_findings = 1;

int status_of(const Command& command, Stop stop) {
  switch (stop) {
    case Stop::unreadable:
      return command.usage_status;
    case Stop::findings:
      return status_findings;
    case Stop::defect:
      return command.defect_status;
  }
  return command.defect_status;
}

/// All findings of all specs as one document on standard output.
int validate_for_programs(const Command& command, const ParsedArguments& parsed, bool sarif) {
  int status = 0;
  std::vector<SpecFindings> found;
  for (const std::string& path : parsed.operands) {
    auto examined = examine_spec(check_request(parsed, path));
    if (!examined) {
      status = command.usage_status;
      continue;
    }
    if (examined->diagnostics.has_errors()) status = std::max(status, status_findings);
    found.push_back({std::move(examined->source), std::move(examined->diagnostics), std::move(examined->of_caller)});
  }
  const std::string text = sarif ? findings_sarif(found, PIDNS_VERSION) : findings_json(found);
  return write_output(text) ? status : command.usage_status;
}

}  // namespace

int verb_validate(const Command& command, const ParsedArguments& parsed) {
  const std::string_view format = parsed.value(option::findings_format, "text");
  if (format != "text") return validate_for_programs(command, parsed, format == "sarif");
  int status = 0;
  for (const std::string& path : parsed.operands) {
    const auto checked = check_spec(check_request(parsed, path));
    if (!checked) status = std::max(status, status_of(command, checked.error()));
  }
  return status;
}

}  // namespace pidns::cli
