#include "cli/pipeline.h"

#include <unistd.h>

#include <climits>
#include <string_view>
#include <utility>

#include "check/check.h"
#include "check/fact_needs.h"
#include "cli/log.h"
#include "cli/output.h"
#include "cli/read_source.h"
#include "load/load.h"
#include "plan/arguments.h"
#include "plan/passes.h"
#include "plan/planner.h"
#include "plan/verify.h"
#include "run/run.h"

namespace pidns::cli {
namespace {

Code first_error(const Diagnostics& diagnostics) {
  for (const Diagnostic& one : diagnostics.all())
    if (one.severity == Severity::error) return one.code;
  return Code::none;
}

/// The findings as one text, closed by a line that counts them where some are errors.
std::string findings_text(const ExaminedSpec& examined, const CheckRequest& request) {
  const SourceFile& source = examined.source;
  const Diagnostics& diagnostics = examined.diagnostics;
  std::string text;
  const bool errors = diagnostics.has_errors();
  for (std::size_t i = 0; i < diagnostics.all().size() && (errors || request.show_warnings); ++i) {
    Diagnostic diagnostic = diagnostics.all()[i];
    if (examined.of_caller[i])
      diagnostic.why += (diagnostic.why.empty() ? "" : "\n") +
                        std::string("this depends on the caller and the machine");
    text += render_diagnostic(source, diagnostic, request.style) + "\n";
  }
  if (errors)
    text += source.name() + ": " + count_findings(diagnostics) + std::string(request.after_errors) +
            ". `pidns explain " + code_text(first_error(diagnostics)) + "` says more.\n";
  else if (!text.empty())
    text.pop_back();
  return text;
}

void log_count(std::string_view what, std::size_t count, std::string_view of) {
  if (logs(LogLevel::debug)) log(LogLevel::debug, std::string(what) + ": " + std::to_string(count) + std::string(of));
}

bool keeps_its_rules(const ExecutionGraph& graph, const CheckedSpec& checked, std::string_view after) {
  const std::vector<Violation> violations = verify(graph, checked.spec, checked.facts);
  log_count(after, graph.processes.size(), " processes, verified");
  for (const Violation& violation : violations)
    complain("made a plan that breaks its own rule " + violation.rule + " (" + std::string(after) + ", " +
             graph.process(violation.process).address + ", step " + std::to_string(violation.step) +
             "); nothing was run. Please report it with this spec.");
  return violations.empty();
}

tl::expected<ExecutionGraph, Stop> make_verified(const PlanRequest& request, const CheckedSpec& checked,
                                                 PlanForm form) {
  ExecutionGraph graph = plan(checked.spec, checked.facts, request);
  if (!keeps_its_rules(graph, checked, "planned")) return tl::unexpected(Stop::defect);
  if (form == PlanForm::canonical) return graph;
  graph = fuse(std::move(graph));
  if (!keeps_its_rules(graph, checked, "fused")) return tl::unexpected(Stop::defect);
  return graph;
}

std::string current_directory() {
  char path[PATH_MAX];
  return ::getcwd(path, sizeof path) != nullptr ? path : ".";
}

bool is_name_letter(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') ||
         letter == '_' || letter == '.' || letter == '-';
}

bool is_alphanumeric(char letter) { return is_name_letter(letter) && letter != '_' && letter != '.' && letter != '-'; }

}  // namespace

std::optional<ExaminedSpec> examine_spec(const CheckRequest& request) {
  auto source = read_source(request.path);
  if (!source) {
    write_error(source.error());
    return std::nullopt;
  }
  log_count("read " + source->name(), source->text().size(), " bytes");
  Diagnostics diagnostics;
  std::optional<Spec> spec = load(*source, diagnostics);
  CallerFacts facts =
      request.offline ? any_caller() : gather_caller_facts(spec ? needed_facts(*spec) : FactNeeds{});
  if (spec) apply_arguments(*spec, request.arguments, diagnostics);
  Diagnostics of_anybody = diagnostics;
  if (spec) check(*spec, facts, diagnostics);
  if (request.strict) diagnostics.promote_warnings();
  diagnostics.sort_by_place();
  std::vector<bool> marks(diagnostics.all().size());
  if (spec && !request.offline && !marks.empty() && (request.show_warnings || diagnostics.has_errors())) {
    check(*spec, any_caller(), of_anybody);
    marks = of_caller(diagnostics, of_anybody);
  }
  log_count("checked", diagnostics.all().size(), " findings");
  return ExaminedSpec{std::move(*source), std::move(spec), std::move(facts), std::move(diagnostics),
                      std::move(marks)};
}

tl::expected<CheckedSpec, Stop> check_spec(const CheckRequest& request) {
  auto examined = examine_spec(request);
  if (!examined) return tl::unexpected(Stop::unreadable);
  write_error(findings_text(*examined, request));
  if (!examined->spec || examined->diagnostics.has_errors()) return tl::unexpected(Stop::findings);
  return CheckedSpec{std::move(examined->source), std::move(*examined->spec), std::move(examined->facts)};
}

tl::expected<ExecutionGraph, Stop> make_plan(const CheckedSpec& checked, const std::string& path,
                                             std::vector<std::string> arguments, PlanForm form) {
  return make_verified({instance_name(checked.spec, path), spec_directory(path), std::move(arguments)}, checked, form);
}

std::string instance_name(const Spec& spec, const std::string& path) {
  constexpr std::size_t longest = 63;
  if (spec.name) return *spec.name;
  if (path == "-") return "stdin";
  std::string name = path.substr(path.rfind('/') + 1);
  if (const std::size_t dot = name.rfind('.'); dot != std::string::npos && dot != 0) name.resize(dot);
  for (char& letter : name)
    if (!is_name_letter(letter)) letter = '-';
  std::size_t first = 0;
  while (first < name.size() && !is_alphanumeric(name[first])) ++first;
  name = name.substr(first, longest);
  return name.empty() ? "spec" : name;
}

std::string absolute_path(const std::string& path) {
  if (path == "-" || path.starts_with('/')) return path;
  const std::string here = current_directory();
  return here == "/" ? here + path : here + "/" + path;
}

std::string spec_directory(const std::string& path) {
  std::string directory;
  if (const std::size_t slash = path.rfind('/'); path != "-" && slash != std::string::npos)
    directory = slash == 0 ? "/" : path.substr(0, slash);
  if (!directory.starts_with('/')) {
    std::string here = current_directory();
    if (directory.empty()) return here;
    directory = here == "/" ? here + directory : here + "/" + directory;
  }
  return directory;
}

}  // namespace pidns::cli
