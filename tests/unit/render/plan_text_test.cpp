#include <catch2/catch.hpp>

#include "render/columns.h"
#include "render/render.h"

using namespace pidns;

namespace {

const std::string text =
    "pidns: 1\n"
    "unshare: [pid, mount]\n"
    "command: [sleep, infinity]\n";

Origin at(const char* key) {
  const auto begin = static_cast<std::uint32_t>(text.find(key));
  const auto value = static_cast<std::uint32_t>(text.find(": ", begin) + 2);
  return {key, {{begin, value - 2}, {value, value + 1}, {}}, false};
}

NamespaceSet kinds() {
  NamespaceSet set;
  set.add(NamespaceKind::pid);
  set.add(NamespaceKind::mount);
  return set;
}

/// `depth` nodes, one in another; the innermost executes.
ExecutionGraph nested(unsigned depth, const std::vector<std::string>& argv) {
  ExecutionGraph graph;
  graph.nodes.emplace_back().address = "/";
  graph.processes.emplace_back().role = Role::supervisor;
  std::string address;
  for (unsigned level = 1; level <= depth; ++level) {
    address += (level == 1 ? "ns" : "/ns") + std::to_string(level);
    const bool innermost = level == depth;
    graph.processes.back().steps.push_back({Clone{kinds(), ProcessId{level}}, at("unshare")});
    graph.nodes.push_back({NodeId{level}, NodeId{level - 1}, address, kinds(), {}, {}, {}});
    Process process;
    process.id = ProcessId{level};
    process.maker = ProcessId{level - 1};
    process.role = innermost ? Role::command : Role::init;
    process.node = NodeId{level};
    process.address = innermost ? address : address + "/.init";
    process.steps.push_back({SetPropagation{Propagation::private_}, {"propagation", {}, true}});
    if (innermost) process.steps.push_back({Exec{argv, {}, {}}, at("command")});
    graph.processes.push_back(process);
  }
  return graph;
}

std::vector<std::string> lines(const std::string& page) {
  std::vector<std::string> all;
  std::size_t begin = 0;
  for (std::size_t end; (end = page.find('\n', begin)) != std::string::npos; begin = end + 1)
    all.push_back(page.substr(begin, end - begin));
  return all;
}

}  // namespace

TEST_CASE("the plan as text: nesting at the left, places at the right") {
  const SourceFile source("lab.yaml", text);
  CHECK(plan_text(nested(2, {"sleep", "infinity"}), source, {.color = false, .utf8 = true}) ==
        "lab.yaml: 2 levels, 2 processes to create, 1 command\n"
        "\n"
        "pidns\n"
        "└─ ns1     create init in new pid, mount  2:10  unshare\n"
        "   │       make / private                       propagation (default)\n"
        "   └─ ns2  create in new pid, mount       2:10  unshare\n"
        "           make / private                       propagation (default)\n"
        "           execute sleep infinity         3:10  command\n");
}

TEST_CASE("the plan as text in ASCII") {
  const SourceFile source("lab.yaml", text);
  const auto page = lines(plan_text(nested(1, {"true"}), source, {}));
  REQUIRE(page.size() == 6);
  CHECK(page[0] == "lab.yaml: 1 level, 1 process to create, 1 command");
  CHECK(page[3].starts_with("`- ns1  create in new pid, mount"));
}

TEST_CASE("a plan is never wider than 100 columns") {
  const SourceFile source(std::string(300, 'x'), text);
  for (const unsigned depth : {1U, 12U, 33U, 200U})
    for (const bool utf8 : {false, true})
      for (const auto& line :
           lines(plan_text(nested(depth, {std::string(500, 'a')}), source, {.color = false, .utf8 = utf8})))
        CHECK(columns(line) <= 100);
}

TEST_CASE("a merged step says where it was merged, a limit stands with its node") {
  const SourceFile source("lab.yaml", text);
  ExecutionGraph graph = nested(1, {"true"});
  graph.processes[0].steps[0].origin.place.merge = {9, 16};
  graph.nodes[1].limits.push_back(Limit::kill_child_false);
  const auto page = lines(plan_text(graph, source, {}));
  CHECK(page[3].ends_with("2:10  unshare  merged at 2:1"));
  CHECK(page[4].find("limit: ") != std::string::npos);
}

TEST_CASE("nothing in a command moves the terminal's cursor") {
  const SourceFile source("lab.yaml", text);
  const std::string page = plan_text(nested(1, {"echo", "a\nb\033[2J'", "two words", ""}), source, {});
  CHECK(page.find("execute echo $'a\\nb\\x1b[2J\\'' 'two words' ''") != std::string::npos);
  CHECK(page.find('\033') == std::string::npos);
}

TEST_CASE("what the maker does for a child stands with the child") {
  const SourceFile source("lab.yaml", text);
  ExecutionGraph graph = nested(1, {"true"});
  WriteIdMaps maps{ProcessId{1}, {}, {}, true, false};
  maps.uid.extents.push_back({0, 1000, 1});
  graph.processes[0].steps.push_back({maps, {"uid-map", {}, true}});
  graph.processes[0].steps.push_back({Supervise{}, {}});
  const auto page = lines(plan_text(graph, source, {}));
  CHECK(page[3].starts_with("`- ns1"));
  CHECK(page[4].find("        map ids of ns1: uid 0=1000; gid none; setgroups deny") == 0);
}
