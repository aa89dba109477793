#include "run/parent/gates.h"

#include <catch2/catch.hpp>

#include "plan/graphs.h"

using namespace pidns;
using namespace pidns::testing;

namespace {

/// The gates of a spec, by the addresses of their processes.
class Lab {
 public:
  explicit Lab(std::string_view text) : planned_(canonical(text)), gates_(planned_.graph) {}

  Lines started(std::string_view address) { return gates_.started(id(address)), changes(); }
  Lines ready(std::string_view address) { return gates_.ready(id(address)), changes(); }
  Lines ended(std::string_view address, bool executed = true, bool well = true) {
    return gates_.ended(id(address), executed, well), changes();
  }
  Lines never_starts(std::string_view address) { return gates_.never_starts(id(address)), changes(); }

 private:
  ProcessId id(std::string_view address) const { return process(planned_.graph, address).id; }

  /// `b: opens`, `b: a is lost`, sorted.
  Lines changes() {
    Lines lines;
    for (const auto& change : gates_.take_changes()) {
      const Gate& gate = planned_.graph.gates[index(change.gate)];
      const std::string who = planned_.graph.process(gate.waiter).address + ": ";
      lines.push_back(who + (change.opens ? "opens" : gate.conditions[change.lost].value.address + " is lost"));
    }
    std::sort(lines.begin(), lines.end());
    return lines;
  }

  Planned planned_;
  Gates gates_;
};

const Lines nothing;

constexpr const char* two_conditions =
    "pidns: 1\nprocesses:\n"
    "  a: {command: [a]}\n  b: {command: [b]}\n"
    "  c: {command: [c], depends-on: {a: started, b: succeeded}}\n";

}  // namespace

TEST_CASE("a gate opens when its last condition comes true, and once") {
  Lab lab(two_conditions);
  CHECK(lab.started("b") == nothing);
  CHECK(lab.ended("b") == nothing);
  CHECK(lab.started("a") == Lines{"c: opens"});
  CHECK(lab.started("a") == nothing);
  CHECK(lab.ended("a") == nothing);
}

TEST_CASE("a gate is lost with the first condition that can't come true, and stays so") {
  Lab lab(two_conditions);
  CHECK(lab.ended("b", true, false) == Lines{"c: b is lost"});
  CHECK(lab.started("a") == nothing);
  CHECK(lab.ended("a") == nothing);
}

TEST_CASE("what each condition asks of a process that ended") {
  const auto after = [](const char* condition, bool started, bool executed, bool well) {
    Lab lab("pidns: 1\nprocesses:\n  a: {command: [a], ready: {path: /a}}\n  b: {command: [b], depends-on: {a: " +
            std::string(condition) + "}}\n");
    const Lines before = started ? lab.started("a") : nothing;
    return before.empty() ? lab.ended("a", executed, well) : before;
  };
  const Lines opens{"b: opens"};
  const Lines lost{"b: a is lost"};
  CHECK(after("started", true, true, true) == opens);
  CHECK(after("started", false, false, false) == lost);
  CHECK(after("ready", true, true, true) == lost);
  CHECK(after("exited", true, true, true) == opens);
  CHECK(after("exited", true, true, false) == opens);
  CHECK(after("exited", false, false, false) == opens);
  CHECK(after("succeeded", true, true, true) == opens);
  CHECK(after("succeeded", true, true, false) == lost);
  CHECK(after("succeeded", false, false, true) == lost);
}

TEST_CASE("one that was never started has not exited either") {
  for (const std::string condition : {"started", "exited", "succeeded"}) {
    Lab lab("pidns: 1\nprocesses:\n  a: {command: [a]}\n  b: {command: [b], depends-on: {a: " + condition + "}}\n");
    CHECK(lab.never_starts("a") == Lines{"b: a is lost"});
    CHECK(lab.ended("a") == nothing);
  }
}

TEST_CASE("`ready` is the default where the other says when it is") {
  Lab lab("pidns: 1\nprocesses:\n  a: {command: [a], ready: {path: /a}}\n  b: {command: [b]}\n"
          "  c: {command: [c], depends-on: [a]}\n  d: {command: [d], depends-on: [b]}\n");
  CHECK(lab.started("a") == nothing);
  CHECK(lab.started("b") == Lines{"d: opens"});
  CHECK(lab.ready("a") == Lines{"c: opens"});
  // That it ends later changes nothing.
  CHECK(lab.ended("a") == nothing);
}

TEST_CASE("a node is in a state when all in it are, and each in its own") {
  constexpr const char* text =
      "pidns: 1\nprocesses:\n  c: {command: [c], depends-on: [n]}\nnamespaces:\n  n:\n    unshare: [pid]\n"
      "    processes:\n      a: {command: [a], ready: {path: /a}}\n      b: {command: [b]}\n"
      "    namespaces:\n      m: {command: [m]}\n";
  Lab lab(text);
  CHECK(lab.started("n/a") == nothing);
  CHECK(lab.started("n/b") == nothing);
  CHECK(lab.started("n/m") == nothing);
  CHECK(lab.ready("n/a") == Lines{"c: opens"});
  Lab other(text);
  CHECK(other.started("n/b") == nothing);
  CHECK(other.ended("n/m", false, false) == Lines{"c: n is lost"});
}

TEST_CASE("a replicated name means all of them") {
  Lab lab("pidns: 1\nprocesses:\n  b: {command: [b], depends-on: {a: exited}}\n  a: {command: [a], replicas: 3}\n");
  CHECK(lab.ended("a-2") == nothing);
  CHECK(lab.ended("a-1") == nothing);
  CHECK(lab.ended("a-1") == nothing);
  CHECK(lab.ended("a-3") == Lines{"b: opens"});
}

TEST_CASE("several that wait for one are told at once") {
  Lab lab("pidns: 1\nprocesses:\n  a: {command: [a]}\n  b: {command: [b], depends-on: {a: exited}}\n"
          "  c: {command: [c], depends-on: {a: exited}}\n  d: {command: [d], depends-on: {a: succeeded}}\n");
  CHECK(lab.ended("a", true, false) == Lines{"b: opens", "c: opens", "d: a is lost"});
}
