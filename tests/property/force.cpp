/// A spec that is refused for rules of the kernel alone, run nevertheless: what the kernel says then is
/// the truth. Only the tests have this program.
///
/// Usage: force SPEC. Says on standard error which rules it passed over (`passed over: P405 P502`); its
/// status is that of the run, 98 for a spec that has nothing of the kind, 99 for one that the language
/// refuses.

#include <cstdio>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "check/check.h"
#include "check/fact_needs.h"
#include "cli/pipeline.h"
#include "load/load.h"
#include "plan/passes.h"
#include "plan/planner.h"
#include "run/run.h"

using namespace pidns;

namespace {

constexpr int nothing_to_force = 98;
constexpr int refused_by_the_language = 99;

bool is_of_the_kernel(Code code) {
  for (const CodeInfo& row : codes())
    if (row.code == code) return row.rule_of == RuleOf::kernel;
  return false;
}

}  // namespace

int main(int count, char** words) {
  if (count != 2) return 2;
  const std::string path = words[1];
  std::ifstream file(path);
  const SourceFile source(path, std::string(std::istreambuf_iterator<char>(file), {}));
  Diagnostics diagnostics;
  const auto spec = load(source, diagnostics);
  if (!spec) return refused_by_the_language;
  const CallerFacts facts = gather_caller_facts(needed_facts(*spec, LookFor::run));
  check(*spec, facts, diagnostics);

  std::set<std::string> passed_over;
  for (const Diagnostic& one : diagnostics.all()) {
    if (one.severity != Severity::error) continue;
    if (!is_of_the_kernel(one.code)) return refused_by_the_language;
    passed_over.insert(code_text(one.code));
  }
  if (passed_over.empty()) return nothing_to_force;
  std::string text = "passed over:";
  for (const std::string& code : passed_over) text += ' ' + code;
  std::fprintf(stderr, "%s\n", text.c_str());
  ExecutionGraph graph = fuse(plan(*spec, facts, {cli::instance_name(*spec, path), cli::spec_directory(path), {}}));
  return run(std::move(graph), source, RunOptions{});
}
