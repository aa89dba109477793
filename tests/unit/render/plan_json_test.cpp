#include <catch2/catch.hpp>

#include "render/render.h"

using namespace pidns;

namespace {

std::string json_of(Action action) {
  ExecutionGraph graph;
  graph.name = "lab";
  graph.nodes.emplace_back().address = "/";
  graph.processes.emplace_back().role = Role::supervisor;
  graph.processes[0].steps.push_back({std::move(action), {"key", {{0, 3}, {}, {}}, false}});
  std::string text = plan_json(graph, SourceFile("lab.yaml", "key: 1\n"));
  std::erase_if(text, [](char letter) { return letter == ' ' || letter == '\n'; });
  return text;
}

}  // namespace

TEST_CASE("the plan as JSON has a version, and an origin a step") {
  const std::string json = json_of(SetHostname{"ns1"});
  CHECK(json.starts_with(R"({"pidns_plan":1,"name":"lab","nodes":[)"));
  CHECK(json.find(R"({"do":"set-hostname","name":"ns1",)"
                  R"("origin":{"key":"key","line":1,"column":1,"default":false,"merged":null}})") != std::string::npos);
  CHECK(json.find(R"("maker":null,"role":"supervisor")") != std::string::npos);
}

TEST_CASE("steps without arguments are objects all the same") {
  CHECK(json_of(Supervise{}).find(R"([{"do":"supervise","origin":{)") != std::string::npos);
}

TEST_CASE("what is no UTF-8 does not break the document") {
  CHECK(json_of(Exec{{"echo", "\xff"}, {}, {}}).find("\xff") == std::string::npos);
}
