#include <fcntl.h>
#include <unistd.h>

#include <charconv>

#include "cli/log.h"
#include "cli/output.h"
#include "cli/verbs.h"
#include "run/run.h"

namespace pidns::cli {
namespace {

RunOptions run_options(const ParsedArguments& parsed, const Spec& spec, TextStyle style) {
  RunOptions options;
  options.style = style;
  options.events = parsed.value(option::events, "");
  options.timings = parsed.has(option::timings);
  options.trace_path = parsed.value(option::trace, "");
  options.instance.spec = absolute_path(parsed.operands.front());
  options.instance.exact = static_cast<bool>(spec.name);
  options.instance.name_place = spec.name.place();
  return options;
}

/// Looked at before anything of ours is opened, which could take the number.
std::string wrong_descriptor(std::string_view where) {
  if (where.empty() || where.find_first_not_of("0123456789") != std::string_view::npos) return {};
  int number = -1;
  const auto read = std::from_chars(where.data(), where.data() + where.size(), number);
  const int flags = read.ec == std::errc{} ? ::fcntl(number, F_GETFL) : -1;
  if (flags >= 0 && (flags & O_ACCMODE) != O_RDONLY) return {};
  return "`--events " + std::string(where) + "`: descriptor " + std::string(where) +
         (flags < 0 ? " is not open" : " is open for reading only") + "; a file of that name is `./" +
         std::string(where) + "`";
}

}  // namespace

int verb_run(const Command& command, const ParsedArguments& parsed) {
  if (parsed.has(option::die_with_parent)) die_with_parent();
  if (const std::string wrong = wrong_descriptor(parsed.value(option::events, "")); !wrong.empty())
    return refuse_usage(command, wrong);
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
  const int status = run(*graph, checked->source, run_options(parsed, checked->spec, request.style));
  if (logs(LogLevel::info)) log(LogLevel::info, "ended with status " + std::to_string(status));
  return status;
}

}  // namespace pidns::cli
