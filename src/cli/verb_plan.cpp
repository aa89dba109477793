#include <unistd.h>

#include "cli/output.h"
#include "cli/verbs.h"
#include "render/render.h"

namespace pidns::cli {
namespace {

constexpr int status_findings = 1;

}  // namespace

int verb_plan(const Command& command, const ParsedArguments& parsed) {
  const std::string& path = parsed.operands.front();
  CheckRequest request = check_request(parsed, path);
  request.after_errors = "; nothing was run";
  const auto checked = check_spec(request);
  if (!checked) return checked.error() == Stop::findings ? status_findings : command.usage_status;
  const auto graph = make_plan(*checked, path, parsed.arguments, plan_form(parsed));
  if (!graph) return command.defect_status;
  const bool json = parsed.value(option::format, "text") == "json";
  const TextStyle style = text_style(STDOUT_FILENO, color_choice(parsed.value(option::color, "auto")));
  const std::string text = json ? plan_json(*graph, checked->source) : plan_text(*graph, checked->source, style);
  return write_output(text) ? 0 : command.usage_status;
}

}  // namespace pidns::cli
