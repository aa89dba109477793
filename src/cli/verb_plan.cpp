#include <unistd.h>

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

}  // namespace

int verb_plan(const Command& command, const ParsedArguments& parsed) {
  const std::string& path = parsed.operands.front();
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
