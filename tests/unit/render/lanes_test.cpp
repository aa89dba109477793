/// Pictures show what waits for what: a dashed line from who is awaited to the step that waits.

#include "render/lanes.h"

#include <catch2/catch.hpp>

#include "plan/graphs.h"
#include "render/render.h"

using namespace pidns;
using namespace pidns::testing;

namespace {

/// `main` waits for `db`, and for all in the node `stock`.
ExecutionGraph waiting() {
  ExecutionGraph graph = fused("pidns: 1\nprocesses:\n  db: {command: [a]}\n  db2: {command: [a]}\n  main: {command: [b]}\n"
                               "namespaces:\n  stock:\n    processes: {one: {command: [c]}, two: {command: [d]}}\n")
                             .graph;
  Process& waiter = testing::process(graph, "main");
  graph.gates.push_back({GateId{0},
                         waiter.id,
                         {{Dependency{"db", Condition::ready}, {}}, {Dependency{"stock", Condition::started}, {}}}});
  waiter.steps.insert(waiter.steps.begin() + 1, {WaitFor{GateId{0}}, {}});
  return graph;
}

std::string number(const ExecutionGraph& graph, std::string_view address) {
  for (const Process& process : graph.processes)
    if (process.address == address) return std::to_string(index(process.id));
  return "none";
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

}  // namespace

TEST_CASE("dot draws a dashed line from each awaited process to the step that waits") {
  const ExecutionGraph graph = waiting();
  const std::string drawn = plan_dot(graph);
  const std::string to = " -> p" + number(graph, "main") + ":s1:e [style=dashed";
  for (const char* awaited : {"db", "stock/one", "stock/two"}) CHECK(has(drawn, "p" + number(graph, awaited) + ":top:e" + to));
  CHECK(count(drawn, "[style=dashed") == 3);
  CHECK(count(drawn, "\"is ready\"") == 1);
  CHECK(count(drawn, "\"is started\"") == 2);
}

TEST_CASE("mermaid draws a dotted arrow from each awaited process to the one that waits") {
  const ExecutionGraph graph = waiting();
  const std::string drawn = plan_mermaid(graph);
  const std::string main = "p" + number(graph, "main");
  CHECK(has(drawn, "  p" + number(graph, "db") + " -. \"is ready\" .-> " + main + "\n"));
  CHECK(has(drawn, "  p" + number(graph, "stock/two") + " -. \"is started\" .-> " + main + "\n"));
  CHECK(count(drawn, " .-> ") == 3);
}
