/// The first part of the language, well written and badly.

#include <catch2/catch.hpp>

#include "findings.h"

using namespace pidns;
using namespace pidns::testing;

TEST_CASE("the shortest useful spec") {
  const auto judged = judge("pidns: 1\nunshare: [pid, mount, uts]\nhostname: ns1\nmount-proc: true\ncommand: [bash]\n");
  CHECK(judged.findings == Lines{});
  REQUIRE(judged.spec);
  const Node& root = judged.spec->root;
  CHECK(root.makes(NamespaceKind::pid));
  CHECK_FALSE(root.makes(NamespaceKind::net));
  CHECK(*root.hostname == "ns1");
  CHECK(root.mount_proc->target == "/proc");
  REQUIRE(root.processes.size() == 1);
  CHECK(*root.processes[0].command == std::vector<std::string>{"bash"});
}

TEST_CASE("merged levels keep where they were written and where they were merged") {
  const std::string text =
      "pidns: 1\nx-level: &level\n  unshare: [pid, mount, uts]\n  mount-proc: true\nnamespaces:\n  ns1:\n    <<: "
      "*level\n"
      "    hostname: ns1\n    command: [sleep, 60]\n";
  const auto judged = judge(text);
  CHECK(judged.findings == Lines{});
  const Node& node = judged.spec->root.namespaces.at(0);
  CHECK(node.name == "ns1");
  CHECK(node.makes(NamespaceKind::uts));
  CHECK(node.mount_proc.place().key.begin == text.find("mount-proc"));
  CHECK(node.mount_proc.place().merge.begin == text.find("<<"));
  CHECK(node.hostname.place().merge.empty());
  CHECK(node.processes[0].command->at(1) == "60");
}

TEST_CASE("missing needs") {
  CHECK(judging("pidns: 1\nunshare: [ipc]\nhostname: a\nmount-proc: true\npropagation: slave\nloopback: true\n"
                "init: true\ncommand: [a]\n") == Lines{"3:1: error: `hostname` needs a new uts namespace",
                                                       "4:1: error: `mount-proc` needs a new mount namespace",
                                                       "5:1: error: `propagation` needs a new mount namespace",
                                                       "6:1: error: `loopback` needs a new net namespace",
                                                       "7:1: error: `init` needs a new pid namespace"});
}

TEST_CASE("a mistake in one key does not make others") {
  CHECK(judging("pidns: 1\nunshare: [pids]\nhostname: a\nmount-proc: true\ncommand: sleep 60\n") ==
        Lines{"2:11: error: `pids` is no kind of namespace",
              "5:10: error: `command` takes a list of strings, not one string"});
}

TEST_CASE("a value that could not be read makes no warnings either") {
  CHECK(judging("pidns: 1\nunshare: [pid, mount]\nmount-proc: yes\ncommand: [a]\n") ==
        Lines{"3:13: error: `mount-proc` takes true or false, not `yes`"});
  CHECK(judging("pidns: 1\nclear-env: 1\nkeep-env: [A]\ncommand: [a]\n").size() == 1);
  CHECK(judging("pidns: 1\nunshare: [user]\nuid-map: [5]\nuid: 7\ncommand: [a]\n").size() == 1);
}
