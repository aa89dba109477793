#include "plan/graphs.h"

#include <algorithm>

#include "plan/arguments.h"
#include "plan/passes.h"
#include "plan/planner.h"
#include "plan/step_order.h"

namespace pidns::testing {

Planned canonical(std::string_view text, const CallerFacts& facts, const Lines& arguments) {
  Judged judged = judge(text, facts);
  if (judged.spec) apply_arguments(*judged.spec, arguments, judged.diagnostics);
  if (!judged.spec || judged.diagnostics.has_errors()) {
    std::string words = "not a legal spec:";
    for (const auto& line : judged.findings) words += "\n" + line;
    throw std::runtime_error(words);
  }
  Planned planned{std::move(*judged.spec), facts, {}};
  planned.graph = plan(planned.spec, facts, {"lab", "/specs", arguments});
  return planned;
}

Planned fused(std::string_view text, const CallerFacts& facts, const Lines& arguments) {
  Planned planned = canonical(text, facts, arguments);
  planned.graph = fuse(std::move(planned.graph));
  return planned;
}

CallerFacts unprivileged() {
  CallerFacts facts;
  facts.uid = facts.gid = 1000;
  facts.capabilities = 0;
  facts.subuid = {{0, 100000, 65536}};
  facts.subgid = {{0, 200000, 65536}};
  facts.cwd = "/home/user";
  return facts;
}

std::string program(const Process& process) {
  std::string kinds;
  for (const auto& step : process.steps) kinds += (kinds.empty() ? "" : " ") + std::string(kind_name(step.action));
  return kinds;
}

std::string program(const ExecutionGraph& graph, std::string_view address) { return program(process(graph, address)); }

Lines programs(const ExecutionGraph& graph) {
  Lines lines;
  for (const auto& process : graph.processes)
    lines.push_back((process.address.empty() ? describe(process.role) : process.address) + ": " + program(process));
  return lines;
}

const Process& process(const ExecutionGraph& graph, std::string_view address) {
  for (const auto& process : graph.processes)
    if (process.role != Role::supervisor && process.address == address) return process;
  throw std::runtime_error("no process " + std::string(address));
}

Process& process(ExecutionGraph& graph, std::string_view address) {
  return const_cast<Process&>(process(std::as_const(graph), address));
}

Lines broken(const Planned& planned) {
  Lines rules;
  for (const auto& violation : verify(planned.graph, planned.spec, planned.facts)) rules.push_back(violation.rule);
  std::sort(rules.begin(), rules.end());
  rules.erase(std::unique(rules.begin(), rules.end()), rules.end());
  return rules;
}

}  // namespace pidns::testing
