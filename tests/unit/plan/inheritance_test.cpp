#include "plan/inheritance.h"

#include <sys/resource.h>

#include <catch2/catch.hpp>

#include "plan/graphs.h"

using namespace pidns;
using namespace pidns::testing;

namespace {

Lines environment(const Planned& lab, std::string_view address) {
  Lines lines;
  for (const auto& entry : only<Exec>(lab.graph, address).environment->entries)
    lines.push_back(entry.name + "=" + entry.value.value_or("(none)"));
  return lines;
}

}  // namespace

TEST_CASE("env is merged key by key, the nearer value wins") {
  const auto lab = canonical(
      "pidns: 1\nenv: {A: 1, B: 2}\n"
      "namespaces:\n"
      "  n: {env: {B: 3, C: ~}, processes: {p: {command: [p], env: {A: ~, D: 4}}, q: {command: [q]}}}\n"
      "  m: {command: [m]}\n");
  CHECK(environment(lab, "n/p") == Lines{"A=(none)", "B=3", "C=(none)", "D=4"});
  CHECK(environment(lab, "n/q") == Lines{"A=1", "B=3", "C=(none)"});
  CHECK(environment(lab, "m") == Lines{"A=1", "B=2"});
  // One environment for all that inherit it unchanged.
  CHECK(only<Exec>(lab.graph, "n/q").environment != only<Exec>(lab.graph, "m").environment);
  const auto same = canonical("pidns: 1\nenv: {A: 1}\nprocesses: {a: {command: [a]}, b: {command: [b]}}\n");
  CHECK(only<Exec>(same.graph, "a").environment == only<Exec>(same.graph, "b").environment);
}

TEST_CASE("clear-env and keep-env are handed down") {
  const auto lab = canonical(
      "pidns: 1\nclear-env: true\nkeep-env: [TERM]\n"
      "processes:\n  a: {command: [a]}\n  b: {command: [b], keep-env: [LC_*]}\n  c: {command: [c], clear-env: "
      "false}\n");
  CHECK(only<Exec>(lab.graph, "a").environment->clear);
  CHECK(only<Exec>(lab.graph, "a").environment->keep == Lines{"TERM"});
  CHECK(only<Exec>(lab.graph, "b").environment->keep == Lines{"LC_*"});
  CHECK_FALSE(only<Exec>(lab.graph, "c").environment->clear);
}

TEST_CASE("cwd and umask are handed down until overridden") {
  const auto lab = canonical(
      "pidns: 1\ncwd: /a\numask: \"0027\"\n"
      "namespaces: {n: {cwd: /b, processes: {p: {command: [p], umask: \"0077\"}, q: {command: [q], cwd: /c}}}}\n");
  CHECK(only<ChangeDirectory>(lab.graph, "n/p").path == "/b");
  CHECK_FALSE(only<ChangeDirectory>(lab.graph, "n/p").or_root);
  CHECK(only<ChangeDirectory>(lab.graph, "n/q").path == "/c");
  CHECK(only<SetUmask>(lab.graph, "n/p").mask == 0077);
  CHECK(only<SetUmask>(lab.graph, "n/q").mask == 0027);
}

TEST_CASE("rlimits are merged key by key") {
  const auto lab = canonical(
      "pidns: 1\nrlimits: {nofile: 100, core: 0}\n"
      "processes: {p: {command: [p], rlimits: {nofile: {soft: 5, hard: 7}, cpu: 9}}, q: {command: [q]}}\n");
  const auto limits = all<SetRlimit>(process(lab.graph, "p"));
  REQUIRE(limits.size() == 3);
  CHECK(limits[0]->limit.resource == RLIMIT_NOFILE);
  CHECK(limits[0]->limit.soft == 5);
  CHECK(limits[0]->limit.hard == 7);
  CHECK(limits[2]->limit.resource == RLIMIT_CPU);
  CHECK(all<SetRlimit>(process(lab.graph, "q")).size() == 2);
}

TEST_CASE("processes of ours keep what is handed down to commands to themselves") {
  const auto lab = canonical(
      "pidns: 1\nunshare: [pid]\numask: \"0077\"\ncwd: /a\nprocesses: {a: {command: [a]}, b: {command: [b]}}\n");
  CHECK(program(lab.graph, ".init") == "TieToMaker Fork Fork StartChildren Supervise");
}
