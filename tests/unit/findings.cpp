#include "findings.h"

#include "check/check.h"
#include "load/load.h"

namespace pidns::testing {
namespace {

void list(const SourceFile& source, Judged& judged) {
  judged.diagnostics.sort_by_place();
  for (const Diagnostic& one : judged.diagnostics.all()) {
    const Position at = source.position((one.at_value ? one.place.value : one.place.key).begin);
    judged.findings.push_back(std::to_string(at.line) + ':' + std::to_string(at.column) +
                              (one.severity == Severity::error ? ": error: " : ": warning: ") + one.message);
    // Whatever is found must be drawn without harm.
    render_diagnostic(source, one, {true, true});
  }
}

}  // namespace

Judged load_only(std::string_view text) {
  const SourceFile source("spec.yaml", std::string(text));
  Judged judged;
  judged.spec = load(source, judged.diagnostics);
  list(source, judged);
  return judged;
}

Judged judge(std::string_view text, const CallerFacts& facts) {
  const SourceFile source("spec.yaml", std::string(text));
  Judged judged;
  judged.spec = load(source, judged.diagnostics);
  if (judged.spec) check(*judged.spec, facts, judged.diagnostics);
  list(source, judged);
  return judged;
}

Lines loading(std::string_view text) { return load_only(text).findings; }
Lines judging(std::string_view text, const CallerFacts& facts) { return judge(text, facts).findings; }

}  // namespace pidns::testing
