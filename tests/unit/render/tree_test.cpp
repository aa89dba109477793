#include "render/tree.h"

#include <catch2/catch.hpp>

using namespace pidns;

namespace {

constexpr std::uint64_t initial = 0xEFFFFFFC;

SeenProcess seen(std::vector<std::int32_t> levels, std::uint64_t home, std::string hostname, std::string command) {
  SeenProcess process;
  process.pid = levels.front();
  process.levels = std::move(levels);
  process.pid_namespace = home;
  process.hostname = std::move(hostname);
  process.command = std::move(command);
  return process;
}

/// The initial namespace, 11 in it, 12 in 11; and 13 beside 11.
Machine machine() {
  Machine all;
  all.own = initial;
  all.processes = {seen({1}, initial, "host", "/sbin/init"), seen({100, 1}, 11, "n1", "pidns: init n1"),
                   seen({101, 2, 1}, 12, "n2", "sleep 1000"), seen({200, 1}, 13, "other", "bash")};
  all.namespaces = {{initial, 0, 90, 0}, {11, initial, 1, 1}, {12, 11, 2, 2}, {13, initial, 1, 3}};
  return all;
}

NodeRecord node(std::string address, std::uint32_t parent, std::optional<std::uint32_t> first) {
  NodeRecord record;
  record.address = std::move(address);
  record.parent = parent;
  record.first = first;
  return record;
}

ProcessRecord process(std::string address, std::uint32_t in, std::string role, std::int32_t pid) {
  ProcessRecord record;
  record.address = std::move(address);
  record.node = in;
  record.role = std::move(role);
  record.identity.pid = pid;
  record.is_pid1 = true;
  record.command = "sleep 1000";
  return record;
}

RunState lab() {
  RunState state;
  state.name = "lab";
  state.started = 1000;
  state.pid_namespace = initial;
  state.nodes = {node("/", 0, std::nullopt), node("n1", 0, 0), node("n1/n2", 1, 1)};
  state.processes = {process("n1/.init", 1, "init", 100), process("n1/n2", 2, "command", 101)};
  return state;
}

/// The supervisor, then the two processes of `lab`.
Machine lab_seen() {
  Machine all = machine();
  all.processes = {seen({50}, initial, "host", "pidns run lab.yaml"), all.processes[1], all.processes[2]};
  all.namespaces = {{initial, 0, 1, 0}, {11, initial, 1, 1}, {12, 11, 1, 2}};
  return all;
}

TextStyle utf8() {
  TextStyle style;
  style.utf8 = true;
  return style;
}

}  // namespace

TEST_CASE("a machine's tree nests the namespaces and shows the pid at every level") {
  CHECK(tree_text(tree_of(machine(), {}, false), utf8()) ==
        "4 pid namespaces, 94 processes\n"
        "                            pid  +1  +2  hostname  processes\n"
        "4026531836  /sbin/init        1          host             90\n"
        "├─ 11       pidns: init n1  100   1      n1                1\n"
        "│  └─ 12    sleep 1000      101   2   1  n2                2\n"
        "└─ 13       bash            200   1      other             1\n");
}

TEST_CASE("without UTF-8 the lines are ASCII") {
  const std::string text = tree_text(tree_of(machine(), {}, false), TextStyle{});
  CHECK(text.find("|- 11") != std::string::npos);
  CHECK(text.find("|  `- 12") != std::string::npos);
  CHECK(std::all_of(text.begin(), text.end(), [](char letter) { return static_cast<unsigned char>(letter) < 0x80; }));
}

TEST_CASE("a namespace of a live instance says whose it is") {
  const TreePicture picture = tree_of(machine(), {lab()}, false);
  CHECK(picture.rows[1].address == "lab:n1");
  CHECK(picture.rows[2].address == "lab:n1/n2");
  CHECK(picture.rows[3].address.empty());
}

TEST_CASE("what is not to be seen is said") {
  Machine half = machine();
  half.own = 11;
  half.hides = true;
  half.concealed = 2;
  half.concealed_deeper = {seen({300, 5, 1}, 0, "", "")};
  const auto notes = tree_of(half, {}, false).notes;
  REQUIRE(notes.size() == 4);
  CHECK(notes[0].find("2 processes") != std::string::npos);
  CHECK(notes[1].find("300 5 1") != std::string::npos);
  CHECK(notes[2].find("hidepid") != std::string::npos);
  CHECK(notes[3].find("not the machine's first") != std::string::npos);
}

TEST_CASE("an instance's tree has a column a pid namespace") {
  CHECK(tree_text(tree_of(lab(), lab_seen(), 1125), utf8()) ==
        "lab, up 2 min         host  n1  n2  hostname  pid namespace\n"
        "pidns                   50                       4026531836\n"
        "└─ n1     init         100   1      n1                   11\n"
        "   └─ n2  sleep 1000   101   2   1  n2                   12\n");
}

TEST_CASE("a process that has ended is shown so") {
  Machine without = lab_seen();
  without.processes[2] = SeenProcess{};
  const TreePicture picture = tree_of(lab(), without, 1000);
  CHECK(picture.rows.back().command == "sleep 1000 (ended)");
  CHECK(picture.rows.back().pids.empty());
}

TEST_CASE("what a process calls itself can't move the cursor") {
  Machine hostile = machine();
  hostile.processes[3].command = "a\033[2Jb\nc";
  CHECK(tree_text(tree_of(hostile, {}, false), utf8()).find("a?[2Jb?c") != std::string::npos);
}

TEST_CASE("32 levels stay within the page, the innermost pids in sight") {
  Machine deep;
  deep.own = initial;
  std::vector<std::int32_t> levels;
  for (std::uint64_t i = 0; i < 33; ++i) {
    for (std::int32_t& each : levels) each += 1;
    levels.push_back(1);
    deep.processes.push_back(seen(levels, i == 0 ? initial : 4026532000 + i, "a-host-name", "some command " + std::to_string(i)));
    deep.namespaces.push_back({i == 0 ? initial : 4026532000 + i, i == 0 ? 0 : i == 1 ? initial : 4026532000 + i - 1, 1, i});
  }
  const std::string text = tree_text(tree_of(deep, {}, false), utf8());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    std::size_t width = 0;
    for (std::size_t i = at; i < end; ++i) width += (static_cast<unsigned char>(text[i]) & 0xc0U) != 0x80U;
    CHECK(width <= 100);
    at = end + 1;
  }
  CHECK(text.find(" 3 2 1") != std::string::npos);
}

TEST_CASE("JSON names the namespace in which each pid counts") {
  const std::string json = tree_json(tree_of(lab(), lab_seen(), 1125));
  CHECK(json.find("\"pidns_tree\": 1") != std::string::npos);
  CHECK(json.find("\"address\": \"n1/n2\"") != std::string::npos);
  CHECK(json.find("\"pid\": 101,\n          \"pid_namespace\": 4026531836") != std::string::npos);
}

TEST_CASE("the picture nests a box for each namespace") {
  const std::string dot = tree_dot(tree_of(lab(), lab_seen(), 1125));
  CHECK(dot.find("subgraph cluster_11 {") < dot.find("subgraph cluster_12 {"));
  CHECK(dot.find("p1 -> p2;") != std::string::npos);
}

TEST_CASE("one process: its pid at every level and whose it is") {
  Machine one = lab_seen();
  one.processes = {one.processes[2]};
  CHECK(pid_text(one, {"lab", "n1/n2", "command"}) ==
        "sleep 1000\n"
        "host name  n2\n"
        "instance   lab, address n1/n2\n"
        "101        in pid namespace 4026531836, ours\n"
        "2          in pid namespace 11\n"
        "1          in pid namespace 12\n");
}
