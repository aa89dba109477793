/// SARIF 2.1.0: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html

#include <algorithm>
#include <vector>

#include "base/json_text.h"
#include "explain/pages.h"
#include "render/findings.h"

namespace pidns {
namespace {

/// A path as a relative reference, or a file: URI where it is absolute.
std::string uri(std::string_view path) {
  if (path == "<stdin>") return "stdin";
  constexpr std::string_view kept = "/-._~";
  constexpr char digits[] = "0123456789ABCDEF";
  std::string out = path.starts_with('/') ? "file://" : "";
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter || kept.find(c) != std::string_view::npos)
      out += c;
    else
      out += {'%', digits[byte >> 4U], digits[byte & 15U]};
  }
  return out;
}

/// The column in code points, from 1.
std::size_t column(const SourceFile& source, Position at) {
  const std::string_view before = source.line(at.line).substr(0, at.column - 1);
  const auto begins = [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; };
  return 1 + static_cast<std::size_t>(std::count_if(before.begin(), before.end(), begins));
}

void location(JsonText& json, const SourceFile& source, Span span, std::string_view message) {
  const Position begin = source.position(span.begin);
  const Position end = source.position(span.end);
  json.open_object();
  json.open_object("physicalLocation");
  json.open_object("artifactLocation");
  json.text("uri", uri(source.name()));
  json.close();
  json.open_object("region");
  json.number("startLine", begin.line);
  json.number("startColumn", column(source, begin));
  json.number("endLine", end.line);
  json.number("endColumn", column(source, end));
  json.close();
  json.close();
  if (!message.empty()) {
    json.open_object("message");
    json.text("text", message);
    json.close();
  }
  json.close();
}

void text_object(JsonText& json, std::string_view key, std::string_view text) {
  json.open_object(key);
  json.text("text", text);
  json.close();
}

std::vector<Code> broken_rules(std::span<const SpecFindings> specs) {
  std::vector<Code> rules;
  for (const SpecFindings& spec : specs)
    for (const Diagnostic& one : spec.diagnostics.all()) rules.push_back(one.code);
  std::sort(rules.begin(), rules.end());
  rules.erase(std::unique(rules.begin(), rules.end()), rules.end());
  return rules;
}

void rule(JsonText& json, Code code) {
  json.open_object();
  json.text("id", code_text(code));
  if (const CodeInfo* info = find_code(code_text(code)); info != nullptr)
    text_object(json, "shortDescription", info->title);
  if (const Page* page = find_page(code); page != nullptr) text_object(json, "fullDescription", page->text);
  json.close();
}

void result(JsonText& json, const SourceFile& source, const Diagnostic& one, bool of_caller,
            std::span<const Code> rules) {
  json.open_object();
  json.text("ruleId", code_text(one.code));
  json.number("ruleIndex",
              static_cast<std::size_t>(std::lower_bound(rules.begin(), rules.end(), one.code) - rules.begin()));
  json.text("level", one.severity == Severity::error ? "error" : "warning");
  std::string message = one.message;
  if (!one.why.empty()) message += "\nwhy: " + one.why;
  if (!one.fix.empty()) message += "\ntry: " + one.fix;
  text_object(json, "message", message);
  json.open_list("locations");
  location(json, source, caret(one), {});
  json.close();
  json.open_list("relatedLocations");
  for (const Label& label : labels_of(source, one)) location(json, source, label.span, label.text);
  json.close();
  json.open_object("properties");
  json.boolean("caller", of_caller);
  json.close();
  json.close();
}

}  // namespace

std::string findings_sarif(std::span<const SpecFindings> specs, std::string_view version) {
  const std::vector<Code> rules = broken_rules(specs);
  JsonText json;
  json.open_object();
  json.text("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
  json.text("version", "2.1.0");
  json.open_list("runs");
  json.open_object();
  json.open_object("tool");
  json.open_object("driver");
  json.text("name", "pidns");
  json.text("version", version);
  json.open_list("rules");
  for (const Code code : rules) rule(json, code);
  json.close();
  json.close();
  json.close();
  json.text("columnKind", "unicodeCodePoints");
  json.open_list("results");
  for (const SpecFindings& spec : specs)
    for (std::size_t i = 0; i < spec.diagnostics.all().size(); ++i)
      result(json, spec.source, spec.diagnostics.all()[i], spec.of_caller[i], rules);
  json.close();
  json.close();
  json.close();
  json.close();
  return json.take();
}

}  // namespace pidns
