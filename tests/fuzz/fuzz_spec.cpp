/// Any bytes: load, check, plan, fuse, verify, and every rendering of what comes of it. Besides what the
/// sanitizers see, a finding is: a plan that breaks a rule of ours, a text for people that could write
/// to their terminal, a text for programs that is not JSON, a span outside the file.

#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/utf8.h"
#include "callers.h"
#include "check/check.h"
#include "check/fact_needs.h"
#include "load/decode.h"
#include "load/load.h"
#include "plan/arguments.h"
#include "plan/passes.h"
#include "plan/planner.h"
#include "plan/verify.h"
#include "render/findings.h"
#include "render/render.h"

namespace {

using namespace pidns;

void demand(bool holds, const char* what, std::string_view detail) {
  if (holds) return;
  std::fprintf(stderr, "fuzz_spec: %s: %.*s\n", what, static_cast<int>(detail.size()), detail.data());
  std::abort();
}

void demand_json(const std::string& text) { demand(nlohmann::json::accept(text), "not JSON", text); }

/// Valid UTF-8, and no control character but line breaks.
void demand_printable(const std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode_utf8(text, at);
    const bool control = (point.value < 0x20 && point.value != '\n') || (point.value >= 0x7f && point.value < 0xa0);
    demand(point.length != 0 && !control, "would reach a terminal", text);
    at += point.length;
  }
}

void demand_inside(const SourceFile& source, Span span, const std::string& message) {
  demand(span.begin <= span.end && span.end <= source.text().size(), "a span outside the file", message);
}

void render(const SourceFile& source, Diagnostics& findings) {
  findings.sort_by_place();
  for (const Diagnostic& one : findings.all()) {
    demand_inside(source, caret(one), one.message);
    for (const Label& label : labels_of(source, one)) demand_inside(source, label.span, one.message);
    demand_printable(render_diagnostic(source, one, {false, true}));
    render_diagnostic(source, one, {true, false});
  }
  const SpecFindings all[] = {{source, findings, std::vector<bool>(findings.all().size())}};
  demand_json(findings_json(all));
  demand_json(findings_sarif(all, "0"));
}

void render(const ExecutionGraph& graph, const SourceFile& source) {
  demand_printable(plan_text(graph, source, {false, true}));
  plan_text(graph, source, {true, false});
  demand_json(plan_json(graph, source));
  plan_dot(graph);
  plan_mermaid(graph);
}

void demand_lawful(const ExecutionGraph& graph, const Spec& spec, const CallerFacts& facts) {
  for (const Violation& broken : verify(graph, spec, facts)) demand(false, "breaks a rule of plans", broken.rule);
}

/// Plans, and where `shown` draws all that can be drawn.
void fuzz_for(const SourceFile& source, Spec spec, Diagnostics findings, const CallerFacts& facts,
              const std::vector<std::string>& arguments, bool shown) {
  apply_arguments(spec, arguments, findings);
  check(spec, facts, findings);
  if (shown) render(source, findings);
  if (findings.has_errors()) return;
  const ExecutionGraph canonical = plan(spec, facts, {"fuzzed", "/specs", arguments});
  demand_lawful(canonical, spec, facts);
  const ExecutionGraph fused = fuse(canonical);
  demand_lawful(fused, spec, facts);
  // With sanitizers, drawing thousands of processes a dozen times takes longer than one input may.
  constexpr std::size_t most_drawn = 1000;
  if (!shown || canonical.processes.size() > most_drawn) return;
  plan_sh(canonical, source);
  render(canonical, source);
  render(fused, source);
  demand_printable(plan_diff({canonical, source}, {fused, source}, {false, true}));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const SourceFile source("spec.yaml", std::string(reinterpret_cast<const char*>(data), size));
  Diagnostics findings;
  const std::optional<Spec> spec = load(source, findings);
  if (!spec) {
    render(source, findings);
    return 0;
  }
  needed_facts(*spec, LookFor::advice);
  // All callers plan; one, chosen by the bytes, sees the texts.
  std::size_t chosen = 0;
  for (std::size_t i = 0; i < size; ++i) chosen += data[i];
  const auto& callers = fuzz::callers();
  for (std::size_t i = 0; i < callers.size(); ++i)
    fuzz_for(source, *spec, findings, callers[i], {}, i == chosen % callers.size());
  if (chosen % 8 == 0) fuzz_for(source, *spec, findings, callers.front(), {"echo", "it's"}, true);
  return 0;
}
