/// The key `tests`: decoded as a whole, and each mistake at its place.

#include <catch2/catch.hpp>

#include "base/regular_expression.h"
#include "findings.h"

using namespace pidns;
using namespace pidns::testing;

namespace {

/// One test after a spec with a node, a process and copies.
Lines test(const std::string& line) {
  return judging(
      "pidns: 1\n"
      "namespaces:\n"
      "  ns1:\n"
      "    processes: {web: {command: [a], replicas: 2}, db: {command: [b]}}\n"
      "    namespaces: {ns2: {command: [c]}}\n"
      "tests:\n"
      "- " +
      line + "\n");
}

}  // namespace

TEST_CASE("every key of a test is read") {
  const auto judged = judge(R"(pidns: 1
command: [a]
tests:
- name: one
  in: /
  command: [b, 5]
  env: {C: d}
  cwd: /e
  uid: 6
  gid: g
  within: 7s
  expect: {exit: 8, stdout: i, stderr: {equals: "", contains: j, matches: k+, lines: [l, ""]}}
- {name: two, of: /, expect: {signal: TERM}}
- {name: three, script: m}
)");
  REQUIRE(judged.findings == Lines{});
  const auto& tests = *judged.spec->tests;
  REQUIRE(tests.size() == 3);
  const Test& one = tests[0].value;
  CHECK(*one.name == "one");
  CHECK(*one.in == "/");
  CHECK(*one.command == std::vector<std::string>{"b", "5"});
  CHECK((*one.env)[0].value.name == "C");
  CHECK(*one.cwd == "/e");
  CHECK(std::get<std::uint32_t>(*one.uid) == 6);
  CHECK(std::get<std::string>(*one.gid) == "g");
  CHECK(*one.within == std::chrono::seconds(7));
  CHECK(*one.expect->exit == 8);
  CHECK_FALSE(one.expect->signal);
  CHECK(*one.expect->stdout_->equals == "i");
  const TextExpectation& written = *one.expect->stderr_;
  CHECK(*written.equals == "");
  CHECK(*written.contains == "j");
  CHECK(*written.matches == "k+");
  CHECK(*written.lines == std::vector<std::string>{"l", ""});
  CHECK(*tests[1].value.of == "/");
  CHECK(*tests[1].value.expect->signal == 15);
  CHECK_FALSE(tests[1].value.command);
  CHECK(*tests[2].value.script == "m");
}

TEST_CASE("what a test must and cannot have") {
  CHECK(test("{name: x, script: y}") == Lines{});
  CHECK(test("{script: y}") == Lines{"7:3: error: an element of `tests` needs `name`"});
  CHECK(test("{name: x}") == Lines{"7:3: error: an element of `tests` needs `command`, `script` or `of`"});
  CHECK(test("{name: x, script: y, command: [z]}") == Lines{"7:24: error: `command` beside `script`"});
  CHECK(test("{name: x, of: ns1, cwd: /}") == Lines{"7:22: error: `cwd` beside `of`"});
  CHECK(test("[a]") == Lines{"7:3: error: an element of `tests` is a map, not a list"});
  CHECK(test("{name: x, script: y, expext: {}}") == Lines{"7:24: error: unknown key `expext`"});
  CHECK(test("{name: x, script: y, hostname: z}") ==
        Lines{"7:24: error: `hostname` does not belong here: it is a key of a node"});
  CHECK(judging("pidns: 1\ncommand: [a]\ntests: {name: b}\n") ==
        Lines{"3:8: error: `tests` takes a list of tests, not a map"});
}

TEST_CASE("what a test expects") {
  const auto expect = [](const std::string& what) { return test("{name: x, script: y, expect: " + what + "}"); };
  CHECK(expect("{exit: 255, stdout: \"5\"}") == Lines{});
  CHECK(expect("{exit: 256}") == Lines{"7:39: error: `exit` is from 0 to 255, not 256"});
  CHECK(expect("{exit: 1, signal: KILL}") == Lines{"7:42: error: `signal` beside `exit`"});
  CHECK(expect("{signal: KILLL}") == Lines{"7:41: error: `KILLL` is not a signal"});
  CHECK(expect("{stdout: 5}") == Lines{"7:41: error: `5` is a number to YAML; `stdout` takes a string"});
  CHECK(expect("{stdout: [a]}") == Lines{"7:41: error: `stdout` takes a string, or a map, not a list"});
  CHECK(expect("{}") == Lines{"7:32: error: `expect` needs `exit`, `signal`, `stdout` or `stderr`"});
  CHECK(expect("{stdout: {matches: \"a(\"}}") == Lines{"7:51: error: `a(` is not a regular expression"});
}

TEST_CASE("regular expressions are read as ECMAScript has them") {
  for (const char* good : {"a", "^a+$", "(a|b)*?", "[a-z]{2,3}", "\\d\\.\\w", "(?:x)(?=y)", "\\/"})
    CHECK(regex_mistake(good).empty());
  for (const char* bad : {"(", ")", "[a", "a{", "*a", "a{2,1}", "[z-a]", "\\1", "[[:foo:]]"})
    CHECK_FALSE(regex_mistake(bad).empty());
  CHECK_FALSE(regex_mistake(std::string(100'000, '(')).empty());
}

TEST_CASE("a test names what is there") {
  for (const char* good : {"in: /", "in: ns1", "in: ns1/ns2"})
    CHECK(test("{name: x, script: y, " + std::string(good) + "}") == Lines{});
  for (const char* good : {"/", "ns1", "ns1/db", "ns1/web-1", "ns1/web-2", "ns1/.init", ".init"})
    CHECK(test("{name: x, of: " + std::string(good) + "}") == Lines{});
  const auto unknown = [](const std::string& key, const std::string& word) {
    const auto judged = judge("pidns: 1\nnamespaces: {ns1: {namespaces: {ns2: {command: [a]}}}}\ntests: [{name: x, " +
                              (key == "in" ? std::string("script: y, ") : std::string()) + key + ": " + word + "}]\n");
    REQUIRE(judged.diagnostics.all().size() == 1);
    CHECK(judged.diagnostics.all()[0].code == Code::no_such_address);
    return judged.diagnostics.all()[0].fix;
  };
  CHECK(unknown("in", "ns2") == "in: ns1/ns2");
  CHECK(unknown("in", "/ns1") == "in: ns1");
  CHECK(unknown("in", "ns1/nss") == "in: ns1/ns2");
  CHECK(unknown("of", "ns1//ns2") == "of: ns1/ns2");
  CHECK(unknown("of", "elsewhere") == "");
  CHECK(test("{name: x, of: ns1/web-3}") == Lines{"7:17: error: nothing in this spec has the address `ns1/web-3`"});
  CHECK(test("{name: x, of: ns1/web}") ==
        Lines{"7:17: error: `ns1/web` has replicas, and a test looks at one of them"});
  CHECK(test("{name: x, script: y, in: ns1/db}") ==
        Lines{"7:28: error: `ns1/db` is a process, and a test runs in a node"});
}

TEST_CASE("two addresses that give one variable matter only to tests") {
  const std::string spec = "pidns: 1\nprocesses:\n  a-b: {command: [a]}\n  A.b: {command: [a]}\n";
  CHECK(judging(spec) == Lines{});
  CHECK(judging(spec + "tests: []\n") == Lines{});
  CHECK(judging(spec + "tests: [{name: x, script: y}]\n") ==
        Lines{"4:3: error: `a-b` and `A.b` would both give tests the variable PIDNS_PID_A_B"});
  CHECK(judging("pidns: 1\nnamespaces:\n  a: {namespaces: {b: {command: [c]}}}\n  a-b: {command: [c]}\n"
                "tests: [{name: x, script: y}]\n") ==
        Lines{"4:3: error: `a/b` and `a-b` would both give tests the variable PIDNS_PID_A_B"});
  CHECK(judging("pidns: 1\nprocesses:\n  a: {command: [a], replicas: 3}\n  a.2: {command: [a]}\n"
                "tests: [{name: x, script: y}]\n") ==
        Lines{"4:3: error: `a-2` and `a.2` would both give tests the variable PIDNS_PID_A_2"});
}
