#include "plan/id_maps.h"

#include <catch2/catch.hpp>
#include <csignal>

#include "plan/graphs.h"

using namespace pidns;
using namespace pidns::testing;

namespace {

std::string words(const ResolvedIdMap& map) {
  std::string text;
  for (const auto& extent : map.extents)
    text += (text.empty() ? "" : ", ") + std::to_string(extent.inside) + " " + std::to_string(extent.outside) + " " +
            std::to_string(extent.count);
  return text;
}

Planned user(const std::string& keys, const CallerFacts& facts) {
  return canonical("pidns: 1\nunshare: [user]\n" + keys + "command: [a]\n", facts);
}

const WriteIdMaps& by_maker(const Planned& lab) { return only<WriteIdMaps>(lab.graph.processes.front()); }

}  // namespace

TEST_CASE("without privilege one own id is mapped by the child itself") {
  const auto root = user("", unprivileged());
  CHECK(program(root.graph, "/") == "TieToMaker Unshare WriteOwnIdMaps Exec");
  CHECK(words(only<WriteOwnIdMaps>(root.graph, "/").uid) == "0 1000 1");
  const auto current = user("uid-map: current\ngid-map: current\n", unprivileged());
  CHECK(words(only<WriteOwnIdMaps>(current.graph, "/").uid) == "1000 1000 1");
  CHECK(words(only<WriteOwnIdMaps>(current.graph, "/").gid) == "1000 1000 1");
  CHECK(broken(current).empty());
  CHECK(program(user("uid-map: none\ngid-map: none\n", unprivileged()).graph, "/") == "TieToMaker Unshare Exec");
}

TEST_CASE("with privilege the maker maps, and setgroups stays allowed") {
  const auto root = user("", {});
  CHECK(programs(root.graph) ==
        Lines{"supervisor: Fork WriteIdMaps Supervise", "/: TieToMaker Unshare AwaitIdMaps Exec"});
  CHECK(by_maker(root).child == process(root.graph, "/").id);
  CHECK(words(by_maker(root).uid) == "0 0 1");
  CHECK_FALSE(by_maker(root).deny_setgroups);
  CHECK_FALSE(by_maker(root).by_helper);
  CHECK(by_maker(user("setgroups: deny\n", {})).deny_setgroups);
  CHECK(broken(root).empty());
}

TEST_CASE("auto: the own id and the subordinate ones, by the helpers") {
  const auto lab = user("uid-map: auto\ngid-map: auto\n", unprivileged());
  CHECK(words(by_maker(lab).uid) == "0 1000 1, 1 100000 65536");
  CHECK(words(by_maker(lab).gid) == "0 1000 1, 1 200000 65536");
  CHECK(by_maker(lab).by_helper);
  CHECK_FALSE(only<AwaitIdMaps>(lab.graph, "/").become_uid_0);
  CHECK(broken(lab).empty());
}

TEST_CASE("all: every id that exists outside") {
  CallerFacts facts;
  facts.uid_map = {{0, 5, 10}, {100, 200, 3}};
  facts.gid_map = {{0, 0, 4}};
  const auto lab = user("uid-map: all\ngid-map: all\n", facts);
  CHECK(words(by_maker(lab).uid) == "0 0 10, 100 100 3");
  CHECK(words(by_maker(lab).gid) == "0 0 4");
}

TEST_CASE("lists: who is not mapped becomes 0, and is tied again") {
  const auto lab = user("kill-child: SIGTERM\nuid-map: [{inside: 0, outside: 5000, count: 10}]\n", {});
  CHECK(program(lab.graph, "/") == "TieToMaker Unshare AwaitIdMaps TieToMaker Exec");
  CHECK(only<AwaitIdMaps>(lab.graph, "/").become_uid_0);
  CHECK_FALSE(only<AwaitIdMaps>(lab.graph, "/").become_gid_0);
  for (const auto* tie : all<TieToMaker>(process(lab.graph, "/"))) CHECK(tie->signal == SIGTERM);
  CHECK(broken(lab).empty());
  // Where 0 is not mapped either, it stays who it is.
  CHECK(program(user("uid-map: [{inside: 7, outside: 5000, count: 10}]\n", {}).graph, "/") ==
        "TieToMaker Unshare AwaitIdMaps Exec");
}

TEST_CASE("a process of ours is tied again whatever kill-child says") {
  for (const char* shape : {"unshare: [user, pid]\n", "unshare: [user]\n", "unshare: [user, pid]\ninit: a\n"}) {
    INFO(shape);
    const auto lab = canonical("pidns: 1\nkill-child: false\n" + std::string(shape) +
                               "uid-map: [{inside: 0, outside: 5000, count: 10}]\n"
                               "processes: {a: {command: [a]}, b: {command: [b]}}\n");
    CHECK(broken(lab).empty());
    const auto fast = fused("pidns: 1\nkill-child: false\n" + std::string(shape) +
                            "uid-map: [{inside: 0, outside: 5000, count: 10}]\n"
                            "processes: {a: {command: [a]}, b: {command: [b]}}\n");
    CHECK(broken(fast).empty());
  }
}

TEST_CASE("nested: the maker is who it is inside the outer level") {
  const auto lab = canonical(
      "pidns: 1\nunshare: [user]\nuid-map: [{inside: 3, outside: 1000, count: 1}]\ngid-map: current\n"
      "namespaces: {a: {unshare: [user], command: [a]}}\n",
      unprivileged());
  CHECK(program(lab.graph, ".init") == "TieToMaker Unshare WriteOwnIdMaps Fork WriteIdMaps Supervise");
  const auto& maps = only<WriteIdMaps>(lab.graph, ".init");
  CHECK(words(maps.uid) == "0 3 1");
  CHECK(words(maps.gid) == "0 1000 1");
  CHECK(maps.child == process(lab.graph, "a").id);
  CHECK(broken(lab).empty());
}

TEST_CASE("the launcher is mapped, and what it forks is inside") {
  const auto lab = canonical("pidns: 1\nunshare: [user, pid]\ncommand: [a]\n");
  CHECK(programs(lab.graph) == Lines{"supervisor: Fork WriteIdMaps Supervise",
                                     ".launcher: TieToMaker Unshare AwaitIdMaps Fork Supervise", "/: TieToMaker Exec"});
  CHECK(by_maker(lab).child == process(lab.graph, ".launcher").id);
}

TEST_CASE("below a joined user namespace everything is privileged") {
  const auto lab =
      canonical("pidns: 1\njoin: {user: 7}\nnamespaces: {a: {unshare: [user], command: [a]}}\n", unprivileged());
  CHECK(words(only<WriteIdMaps>(lab.graph, ".init").uid) == "0 0 1");
}
