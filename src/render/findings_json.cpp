#include "base/json_text.h"
#include "render/findings.h"

namespace pidns {
namespace {

void place(JsonText& json, const SourceFile& source, Span span) {
  const Position begin = source.position(span.begin);
  const Position end = source.position(span.end);
  json.number("line", begin.line);
  json.number("column", begin.column);
  json.number("end_line", end.line);
  json.number("end_column", end.column);
}

void finding(JsonText& json, const SourceFile& source, const Diagnostic& one) {
  json.open_object();
  json.text("file", source.name());
  place(json, source, caret(one));
  json.text("code", code_text(one.code));
  json.text("severity", one.severity == Severity::error ? "error" : "warning");
  json.text("message", one.message);
  json.text("why", one.why);
  json.boolean("depends_on_caller", one.of_caller);
  json.text("hint", one.fix);
  json.open_list("labels");
  for (const Label& label : labels_of(source, one)) {
    json.open_object();
    place(json, source, label.span);
    json.text("text", label.text);
    json.close();
  }
  json.close();
  json.close();
}

}  // namespace

std::string findings_json(std::span<const SpecFindings> specs) {
  JsonText json;
  json.open_list();
  for (const SpecFindings& spec : specs)
    for (const Diagnostic& one : spec.diagnostics.all()) finding(json, spec.source, one);
  json.close();
  return json.take();
}

}  // namespace pidns
