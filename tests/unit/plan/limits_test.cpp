#include "plan/limits.h"

#include <catch2/catch.hpp>

#include "plan/graphs.h"

using namespace pidns;
using namespace pidns::testing;

namespace {

using Limits = std::vector<Limit>;

Limits limits(std::string_view text, const CallerFacts& facts = {}) {
  return canonical(text, facts).graph.nodes.front().limits;
}

}  // namespace

TEST_CASE("an init of ours leaves no limit") {
  CHECK(limits("pidns: 1\nunshare: [pid]\ninit: true\ncommand: [a]\n").empty());
  CHECK(limits("pidns: 1\nunshare: [pid]\nkill-child: SIGTERM\nprocesses: {a: {command: [a]}, b: {command: [b]}}\n")
            .empty());
}

TEST_CASE("grandchildren without a pid namespace around them") {
  CHECK(limits("pidns: 1\ncommand: [a]\n") == Limits{Limit::grandchildren});
  CHECK(limits("pidns: 1\nunshare: [uts]\nhostname: a\ncommand: [a]\n") == Limits{Limit::grandchildren});
  const auto lab = canonical("pidns: 1\nunshare: [pid]\nnamespaces: {a: {unshare: [uts], command: [a]}}\n");
  CHECK(lab.graph.nodes[1].limits.empty());
}

TEST_CASE("a first process of its own may clear its tie") {
  CHECK(limits("pidns: 1\nunshare: [pid]\ncommand: [a]\n") == Limits{Limit::clears_tie});
}

TEST_CASE("an unprivileged pidns may not signal everybody") {
  CHECK(limits("pidns: 1\ncommand: [a]\n", unprivileged()) == Limits{Limit::grandchildren, Limit::may_not_signal});
}

TEST_CASE("no tie, or one that the first process may not handle") {
  CHECK(limits("pidns: 1\nunshare: [pid]\nkill-child: false\ncommand: [a]\n") == Limits{Limit::kill_child_false});
  CHECK(limits("pidns: 1\nunshare: [pid]\nkill-child: SIGTERM\ncommand: [a]\n") ==
        Limits{Limit::clears_tie, Limit::unhandled_signal});
}

TEST_CASE("each limit has its words") {
  for (const Limit limit : {Limit::grandchildren, Limit::clears_tie, Limit::may_not_signal, Limit::kill_child_false,
                            Limit::unhandled_signal})
    CHECK(std::string(describe(limit)).size() > 20);
}
