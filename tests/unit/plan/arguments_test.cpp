#include "plan/arguments.h"

#include <catch2/catch.hpp>

#include "plan/graphs.h"

using namespace pidns;
using namespace pidns::testing;

namespace {

const Exec& exec(const Planned& lab, std::string_view address) { return only<Exec>(lab.graph, address); }

Judged applied(std::string_view text, const Lines& arguments) {
  Judged judged = load_only(text);
  apply_arguments(*judged.spec, arguments, judged.diagnostics);
  return judged;
}

}  // namespace

TEST_CASE("arguments replace the command of the only process") {
  CHECK(exec(canonical("pidns: 1\ncommand: [a, b]\n", {}, {"c", "d"}), "/").argv == Lines{"c", "d"});
  CHECK(exec(canonical("pidns: 1\ncommand: [a, b]\n"), "/").argv == Lines{"a", "b"});
}

TEST_CASE("arguments are the parameters of a script") {
  CHECK(exec(canonical("pidns: 1\nscript: echo\n"), "/").argv == Lines{"/bin/sh", "-eu", "-c", "echo"});
  CHECK(exec(canonical("pidns: 1\nscript: echo\n", {}, {"x", "y"}), "/").argv ==
        Lines{"/bin/sh", "-eu", "-c", "echo", "/bin/sh", "x", "y"});
}

TEST_CASE("of several processes arguments go to main alone") {
  const auto lab = canonical("pidns: 1\nprocesses: {a: {command: [a]}, b: {command: [b], main: true}}\n", {}, {"c"});
  CHECK(exec(lab, "a").argv == Lines{"a"});
  CHECK(exec(lab, "b").argv == Lines{"c"});
}

TEST_CASE("a root that has nothing to run takes the arguments as its command") {
  const auto judged = applied("pidns: 1\nunshare: [uts]\nhostname: a\n", {"c", "d"});
  REQUIRE(judged.spec->root.processes.size() == 1);
  CHECK(*judged.spec->root.processes[0].command == Lines{"c", "d"});
  CHECK(judged.diagnostics.all().empty());
}

TEST_CASE("arguments that could go to any of several processes are refused") {
  const char* text = "pidns: 1\nprocesses: {a: {command: [a]}}\nnamespaces: {b: {command: [b]}}\n";
  CHECK(applied(text, {"c"}).diagnostics.has_errors());
  CHECK_FALSE(applied(text, {}).diagnostics.has_errors());
  CHECK(count_processes(applied(text, {}).spec->root) == 2);
}
