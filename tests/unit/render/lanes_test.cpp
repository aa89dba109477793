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
  return fused("pidns: 1\nprocesses:\n  db: {command: [a]}\n  db2: {command: [a]}\n"
               "  main: {command: [b], depends-on: {db: succeeded, stock: started}}\n"
               "namespaces:\n  stock:\n    processes: {one: {command: [c]}, two: {command: [d]}}\n")
      .graph;
}

/// `:s2`, the row in which `main` waits.
std::string waiting_row(const ExecutionGraph& graph) {
  const Process& waiter = testing::process(graph, "main");
  for (std::size_t i = 0; i < waiter.steps.size(); ++i)
    if (std::holds_alternative<WaitFor>(waiter.steps[i].action)) return ":s" + std::to_string(i);
  return "no row";
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
  const std::string to = " -> p" + number(graph, "main") + waiting_row(graph) + ":e [style=dashed";
  for (const char* awaited : {"db", "stock/one", "stock/two"}) CHECK(has(drawn, "p" + number(graph, awaited) + ":top:e" + to));
  CHECK(count(drawn, "[style=dashed") == 3);
}

TEST_CASE("mermaid draws a dotted arrow from each awaited process to the one that waits") {
  const ExecutionGraph graph = waiting();
  const std::string drawn = plan_mermaid(graph);
  const std::string main = "p" + number(graph, "main");
  CHECK(has(drawn, "  p" + number(graph, "db") + " -. \"succeeded\" .-> " + main + "\n"));
  CHECK(has(drawn, "  p" + number(graph, "stock/two") + " -. \"started\" .-> " + main + "\n"));
  CHECK(count(drawn, " .-> ") == 3);
}
