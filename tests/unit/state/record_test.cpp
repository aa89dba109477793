#include "state/record.h"

#include <catch2/catch.hpp>

using namespace pidns;

namespace {

RunState sample() {
  RunState state;
  state.name = "lab";
  state.spec = "/srv/a \"lab\".yaml";
  state.started = 1700000000;
  state.supervisor = {12, 345};
  state.pid_namespace = 4026531836;
  state.detached = true;
  state.log = "/run/pidns/lab.log";
  NodeRecord root;
  root.address = "/";
  root.first = 1;
  root.unshared.add(NamespaceKind::pid);
  root.joined.add(NamespaceKind::net);
  root.hostname = "inner";
  root.kill_child = 15;
  root.cwd = "/srv";
  root.umask = 027;
  root.clear_env = true;
  root.keep_env = {"LC_*"};
  root.env = {{"A", "1\n"}, {"B", std::nullopt}, {"C", ""}};
  state.nodes = {root};
  state.processes = {{"/.init", 0, "init", {13, 346}, true, "", false}, {"/web", 0, "command", {14, 347}, false, "sh", true}};
  return state;
}

}  // namespace

TEST_CASE("state: what is written is read") {
  const std::string text = state_text(sample());
  CHECK(text.find('\n') == text.size() - 1);
  const auto read = read_state(text);
  REQUIRE(read);
  CHECK(state_text(*read) == text);
  CHECK(read->nodes[0].env[0].value == "1\n");
  CHECK_FALSE(read->nodes[0].env[1].value);
  CHECK(read->nodes[0].env[2].value == "");
  CHECK(read->nodes[0].umask == 027u);
  CHECK(read->processes[1].is_main);
  CHECK(read->supervisor.start_time == 345);
}

TEST_CASE("state: a part of it is nothing") {
  const std::string text = state_text(sample());
  for (std::size_t size = 0; size + 1 < text.size(); ++size) CHECK_FALSE(read_state(text.substr(0, size)));
}

TEST_CASE("state: what leads nowhere is nothing") {
  RunState state = sample();
  state.nodes[0].parent = 1;
  CHECK_FALSE(read_state(state_text(state)));
  state = sample();
  state.nodes[0].first = 2;
  CHECK_FALSE(read_state(state_text(state)));
  state = sample();
  state.processes[0].node = 7;
  CHECK_FALSE(read_state(state_text(state)));
  CHECK_FALSE(read_state("{\"version\":2}\n"));
  CHECK_FALSE(read_state("[]\n"));
  CHECK_FALSE(read_state("{\"version\":1,\"name\":7}\n"));
}

TEST_CASE("state: the status is its second line") {
  const std::string text = state_text(sample());
  CHECK_FALSE(read_status(text));
  CHECK_FALSE(read_status(""));
  CHECK(read_status(text + status_record(143)) == 143);
  CHECK_FALSE(read_status(text + "{\"stat"));
  CHECK(read_state(text + status_record(0)));
}
