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

void finding(JsonText& json, const SourceFile& source, const Diagnostic& one, bool of_caller) {
  json.open_object();
  json.text("file", source.name());
  place(json, source, caret(one));
  json.text("code", code_text(one.code));
  json.text("severity", one.severity == Severity::error ? "error" : "warning");
  json.text("message", one.message);
  json.text("why", one.why);
  json.text("hint", one.fix);
  json.boolean("caller", of_caller);
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
    for (std::size_t i = 0; i < spec.diagnostics.all().size(); ++i)
      finding(json, spec.source, spec.diagnostics.all()[i], spec.of_caller[i]);
  json.close();
  return json.take();
}

}  // namespace pidns
