#include <unistd.h>

#include <string>
#include <utility>
#include <vector>

#include "cli/graphviz.h"
#include "cli/output.h"
#include "cli/verbs.h"
#include "render/render.h"

namespace pidns::cli {
namespace {

constexpr int status_findings = 1;

/// The words of `--format`.
enum class Format : unsigned char { text, json, dot, mermaid, sh, svg };

Format format_of(std::string_view word) {
  if (word == "json") return Format::json;
  if (word == "dot") return Format::dot;
  if (word == "mermaid") return Format::mermaid;
  if (word == "sh") return Format::sh;
  if (word == "svg") return Format::svg;
  return Format::text;
}

bool write_plan(const ExecutionGraph& graph, const SourceFile& source, Format format, TextStyle style) {
  switch (format) {
    case Format::text:
      return write_output(plan_text(graph, source, style));
    case Format::json:
      return write_output(plan_json(graph, source));
    case Format::dot:
      return write_output(plan_dot(graph));
    case Format::mermaid:
      return write_output(plan_mermaid(graph));
    case Format::sh:
      return write_output(plan_sh(graph, source));
    case Format::svg:
      return write_svg(plan_dot(graph));
  }
  return false;
}

/// What makes no sense beside `--diff`; empty where all is well.
std::string wrong_diff(const ParsedArguments& parsed, const std::string& old_path, const std::string& path) {
  if (parsed.value(option::format, "text") != "text") return "a comparison with `--diff` is text";
  if (parsed.has_arguments) return "nothing comes after -- beside `--diff`";
  if (old_path == "-" && path == "-") return "only one of two specs can be standard input";
  return {};
}

/// The old spec is taken as if it lay where the new one does: what was saved elsewhere to be compared
/// differs in nothing by that.
int compare_plans(const Command& command, const ParsedArguments& parsed, const std::string& path) {
  const std::string old_path(parsed.value(option::diff, ""));
  if (const std::string wrong = wrong_diff(parsed, old_path, path); !wrong.empty()) return refuse_usage(command, wrong);
  std::vector<CheckedSpec> specs;
  std::vector<ExecutionGraph> graphs;
  for (const std::string& each : {old_path, path}) {
    CheckRequest request = check_request(parsed, each);
    request.after_errors = "; nothing was compared";
    request.show_warnings = each == path;
    auto checked = check_spec(request);
    if (!checked) return checked.error() == Stop::findings ? status_findings : command.usage_status;
    auto graph = make_plan(*checked, path, {}, plan_form(parsed));
    if (!graph) return command.defect_status;
    specs.push_back(std::move(*checked));
    graphs.push_back(std::move(*graph));
  }
  const TextStyle style = text_style(STDOUT_FILENO, color_choice(parsed.value(option::color, "auto")));
  const std::string text = plan_diff({graphs[0], specs[0].source}, {graphs[1], specs[1].source}, style);
  return write_output(text) ? 0 : command.usage_status;
}

}  // namespace

int verb_plan(const Command& command, const ParsedArguments& parsed) {
  const std::string& path = parsed.operands.front();
  if (parsed.has(option::diff)) return compare_plans(command, parsed, path);
  CheckRequest request = check_request(parsed, path);
  request.after_errors = "; nothing was run";
  const auto checked = check_spec(request);
  if (!checked) return checked.error() == Stop::findings ? status_findings : command.usage_status;
  const Format format = format_of(parsed.value(option::format, "text"));
  // unshare(1) does one thing after the other.
  const PlanForm form = format == Format::sh ? PlanForm::canonical : plan_form(parsed);
  const auto graph = make_plan(*checked, path, parsed.arguments, form);
  if (!graph) return command.defect_status;
  const TextStyle style = text_style(STDOUT_FILENO, color_choice(parsed.value(option::color, "auto")));
  return write_plan(*graph, checked->source, format, style) ? 0 : command.usage_status;
}

}  // namespace pidns::cli
