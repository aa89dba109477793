#include "state/address.h"

#include <catch2/catch.hpp>

using namespace pidns;

namespace {

NodeRecord node(std::string address, std::uint32_t parent, std::optional<std::uint32_t> first = std::nullopt) {
  NodeRecord record;
  record.address = std::move(address);
  record.parent = parent;
  record.first = first;
  return record;
}

ProcessRecord process(std::string address, std::uint32_t in, std::string role, bool is_main = false) {
  ProcessRecord record;
  record.address = std::move(address);
  record.node = in;
  record.role = std::move(role);
  record.is_main = is_main;
  return record;
}

/// `/` has nothing of its own, `a` an init and two commands, `a/b` one command that is its PID 1.
RunState lab() {
  RunState state;
  state.nodes = {node("/", 0), node("a", 0, 0), node("a/b", 1, 3)};
  state.processes = {process("a/.init", 1, "init"), process("a/web", 1, "command"), process("a/db", 1, "command"),
                     process("a/b", 2, "command")};
  return state;
}

}  // namespace

TEST_CASE("the address of a node with one process of its own means that process") {
  const auto found = locate(lab(), "a/b");
  REQUIRE(found);
  CHECK(found->node == 2);
  CHECK(found->process == 3U);
}

TEST_CASE("the address of a node with one command under an init of ours means the command") {
  RunState state = lab();
  state.processes.erase(state.processes.begin() + 2);
  state.nodes[2].first = 2;
  CHECK(locate(state, "a")->process == 1U);
}

TEST_CASE("the address of a node with several processes means its first") {
  CHECK(locate(lab(), "a")->process == 0U);
  CHECK_FALSE(locate(lab(), "/")->process);
}

TEST_CASE("processes have addresses, ours too, and slashes around them do not matter") {
  CHECK(locate(lab(), "a/web")->process == 1U);
  CHECK(locate(lab(), "a/.init")->process == 0U);
  CHECK(locate(lab(), "/a/web/")->process == 1U);
  CHECK_FALSE(locate(lab(), "web"));
  CHECK_FALSE(locate(lab(), ""));
}

TEST_CASE("without an address main is meant, or the only command") {
  RunState state = lab();
  CHECK_FALSE(locate_default(state));
  state.processes[2].is_main = true;
  CHECK(locate_default(state)->process == 2U);
  state.processes = {process("a/.init", 1, "init"), process("a/web", 1, "command")};
  CHECK(locate_default(state)->process == 1U);
}

TEST_CASE("a node without a process leads nowhere by itself") {
  const RunState state = lab();
  CHECK_FALSE(leader_of(state, Located{0, std::nullopt}));
  CHECK(leader_of(state, Located{1, 2}) == 2U);
  CHECK(leader_of(state, Located{1, std::nullopt}) == 0U);
}

TEST_CASE("all addresses, none twice") {
  CHECK(addresses_of(lab()) == std::vector<std::string>{"/", "a", "a/.init", "a/web", "a/db", "a/b"});
}

TEST_CASE("a state whose indexes lead nowhere does no harm") {
  RunState state = lab();
  state.nodes[0].first = 99;
  state.processes[1].node = 99;
  CHECK_FALSE(locate(state, "/")->process);
  CHECK_FALSE(locate(state, "a/web"));
}
