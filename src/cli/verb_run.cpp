#include <fcntl.h>
#include <unistd.h>

#include <charconv>

#include "cli/log.h"
#include "cli/output.h"
#include "cli/verbs.h"
#include "run/run.h"

namespace pidns::cli {
namespace {

RunOptions run_options(const ParsedArguments& parsed, TextStyle style, const ExecutionGraph& graph) {
  RunOptions options;
  options.style = style;
  options.events = parsed.value(option::events, "");
  const std::string_view output = parsed.value(option::output, "");
  options.output = output == "raw" ? OutputMode::raw : output == "prefix" ? OutputMode::prefix : OutputMode::automatic;
  // pidns and one process: nobody needs a prefix, and to look costs a system call.
  if (graph.processes.size() > 2 || options.output == OutputMode::prefix)
    options.output_style = text_style(STDOUT_FILENO, color_choice(parsed.value(option::color, "auto")));
  options.log_dir = parsed.value(option::log_dir, "");
  options.timings = parsed.has(option::timings);
  options.trace_path = parsed.value(option::trace, "");
  return options;
}

constexpr std::size_t many_processes = 100;

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
  if (parsed.value(option::output, "") == "raw" && parsed.has(option::log_dir))
    return refuse_usage(command, "`--output raw` leaves streams untouched, so `--log-dir` would have nothing to write");
  if (parsed.has(option::detach) && parsed.has(option::die_with_parent))
    return refuse_usage(command, "`--detach` outlives who started it, and `--die-with-parent` does not: one of them");
  const std::string& path = parsed.operands.front();
  CheckRequest request = check_request(parsed, path);
  // What runs every night in a pipeline should not repeat warnings that its author has read.
  request.show_warnings = ::isatty(STDERR_FILENO) == 1;
  request.look_for = LookFor::run;
  request.after_errors = "; nothing was run";
  auto checked = check_spec(request);
  if (!checked) return command.usage_status;
  auto graph = make_plan(*checked, path, parsed.arguments, plan_form(parsed));
  if (!graph) return command.defect_status;
  if (logs(LogLevel::info)) log(LogLevel::info, "running " + graph->name);
  RunOptions options = run_options(parsed, request.style, *graph);
  options.instance = {absolute_path(path), static_cast<bool>(checked->spec.name), checked->spec.name.place()};
  // Nobody needs it any more, and each process that is forked would get a copy.
  if (graph->processes.size() > many_processes) checked->spec = Spec();
  if (parsed.has(option::detach)) {
    const auto tell = [](const std::string& name) { return write_output(name + "\n"); };
    return run_detached(*std::move(graph), checked->source, options, tell);
  }
  const int status = run(*std::move(graph), checked->source, options);
  if (logs(LogLevel::info)) log(LogLevel::info, "ended with status " + std::to_string(status));
  return status;
}

}  // namespace pidns::cli
