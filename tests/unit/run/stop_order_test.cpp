#include "run/parent/stop_order.h"

#include <catch2/catch.hpp>

#include "plan/graphs.h"

using namespace pidns;
using namespace pidns::testing;

namespace {

/// An orderly stop of a spec's run, of which some have ended before it begins.
class Stop {
 public:
  explicit Stop(std::string_view text, const Lines& ended_before = {})
      : planned_(canonical(text)), order_(planned_.graph, alive(ended_before)) {}

  /// The commands that are asked at once.
  Lines first() const {
    Lines due;
    for (const auto& process : planned_.graph.processes)
      if (process.role == Role::command && alive_[index(process.id)] && order_.is_due(process.id))
        due.push_back(process.address);
    return due;
  }

  Lines ended(std::string_view address) {
    Lines due;
    for (const ProcessId id : order_.ended(process(planned_.graph, address).id))
      due.push_back(planned_.graph.process(id).address);
    return due;
  }

 private:
  const std::vector<bool>& alive(const Lines& ended) {
    alive_.assign(planned_.graph.processes.size(), true);
    for (const auto& address : ended) alive_[index(process(planned_.graph, address).id)] = false;
    return alive_;
  }

  Planned planned_;
  std::vector<bool> alive_;
  StopOrder order_;
};

const Lines nothing;

constexpr const char* chain =
    "pidns: 1\nprocesses:\n  a: {command: [a]}\n  b: {command: [b], depends-on: [a]}\n"
    "  c: {command: [c], depends-on: [b]}\n  d: {command: [d]}\n";

constexpr const char* named =
    "pidns: 1\nnamespaces:\n  n:\n    unshare: [pid]\n    init: one\n    processes:\n      one: {command: [one]}\n"
    "      two: {command: [two]}\n    namespaces:\n      m: {unshare: [pid], init: three, processes: "
    "{three: {command: [three]}, four: {command: [four]}}}\n";

}  // namespace

TEST_CASE("where nothing depends on anything, all are asked at once") {
  Stop stop("pidns: 1\nprocesses: {a: {command: [a]}, b: {command: [b]}}\n");
  CHECK(stop.first() == Lines{"a", "b"});
  CHECK(stop.ended("a") == nothing);
}

TEST_CASE("a chain is stopped from its end") {
  Stop stop(chain);
  CHECK(stop.first() == Lines{"c", "d"});
  CHECK(stop.ended("d") == nothing);
  CHECK(stop.ended("c") == Lines{"b"});
  CHECK(stop.ended("b") == Lines{"a"});
  CHECK(stop.ended("a") == nothing);
}

TEST_CASE("who has ended before the stop holds up nobody") {
  CHECK(Stop(chain, {"c"}).first() == Lines{"b", "d"});
  CHECK(Stop(chain, {"b", "c"}).first() == Lines{"a", "d"});
  // One in the middle of a chain that is gone leaves its ends on their own.
  CHECK(Stop(chain, {"b"}).first() == Lines{"a", "c", "d"});
}

TEST_CASE("one that ends out of turn frees whom it depends on") {
  Stop stop(chain);
  CHECK(stop.ended("b") == Lines{"a"});
  CHECK(stop.ended("c") == Lines{"b"});  // Which is gone: who asks knows that.
}

TEST_CASE("one that several depend on waits for the last of them") {
  Stop stop("pidns: 1\nprocesses:\n  a: {command: [a]}\n  b: {command: [b], depends-on: [a]}\n"
            "  c: {command: [c], depends-on: {a: started}}\n");
  CHECK(stop.first() == Lines{"b", "c"});
  CHECK(stop.ended("b") == nothing);
  CHECK(stop.ended("c") == Lines{"a"});
}

TEST_CASE("all of a node, and all copies, wait for who depends on them") {
  Stop stop("pidns: 1\nprocesses:\n  b: {command: [b], depends-on: [n, r]}\n  r: {command: [r], replicas: 2}\n"
            "namespaces: {n: {processes: {x: {command: [x]}, y: {command: [y]}}}}\n");
  CHECK(stop.first() == Lines{"b"});
  CHECK(stop.ended("b") == Lines{"n/x", "n/y", "r-1", "r-2"});
}

TEST_CASE("the process that init names is the last of its node") {
  Stop stop(named);
  CHECK(stop.first() == Lines{"n/two", "n/m/four"});
  CHECK(stop.ended("n/two") == nothing);
  CHECK(stop.ended("n/m/four") == Lines{"n/m/three"});
  CHECK(stop.ended("n/m/three") == Lines{"n/one"});
}

TEST_CASE("a named process whose node is empty by then is asked at once") {
  CHECK(Stop(named, {"n/two", "n/m/three", "n/m/four"}).first() == Lines{"n/one"});
}

TEST_CASE("a named process that others depend on waits for both") {
  constexpr const char* text =
      "pidns: 1\nprocesses:\n  out: {command: [out], depends-on: [n/one]}\nnamespaces:\n  n:\n    unshare: [pid]\n"
      "    init: one\n    processes: {one: {command: [one]}, two: {command: [two]}}\n";
  Stop stop(text);
  CHECK(stop.first() == Lines{"out", "n/two"});
  CHECK(stop.ended("out") == nothing);
  CHECK(stop.ended("n/two") == Lines{"n/one"});
  Stop other(text);
  CHECK(other.ended("n/two") == nothing);
  CHECK(other.ended("out") == Lines{"n/one"});
}
