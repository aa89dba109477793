#include <unistd.h>

#include "cli/log.h"
#include "cli/output.h"
#include "cli/verbs.h"
#include "run/run.h"

namespace pidns::cli {
namespace {

RunOptions run_options(const ParsedArguments& parsed, TextStyle style) {
  RunOptions options;
  options.style = style;
  options.timings = parsed.has(option::timings);
  options.trace_path = parsed.value(option::trace, "");
  return options;
}

}  // namespace

int verb_run(const Command& command, const ParsedArguments& parsed) {
  if (parsed.has(option::die_with_parent)) die_with_parent();
  const std::string& path = parsed.operands.front();
  CheckRequest request = check_request(parsed, path);
  // What runs every night in a pipeline should not repeat warnings that its author has read.
  request.show_warnings = ::isatty(STDERR_FILENO) == 1;
  request.after_errors = "; nothing was run";
  const auto checked = check_spec(request);
  if (!checked) return command.usage_status;
  const auto graph = make_plan(*checked, path, parsed.arguments, plan_form(parsed));
  if (!graph) return command.defect_status;
  if (logs(LogLevel::info)) log(LogLevel::info, "running " + graph->name);
  const int status = run(*graph, checked->source, run_options(parsed, request.style));
  if (logs(LogLevel::info)) log(LogLevel::info, "ended with status " + std::to_string(status));
  return status;
}

}  // namespace pidns::cli
