/// Which keys may stand where.

#include <catch2/catch.hpp>

#include "findings.h"

using namespace pidns;
using namespace pidns::testing;

namespace {

const Diagnostic& only(const Judged& judged) {
  REQUIRE(judged.diagnostics.all().size() == 1);
  return judged.diagnostics.all()[0];
}
Judged with(const std::string& line) { return load_only("pidns: 1\ncommand: [a]\n" + line + "\n"); }

}  // namespace

TEST_CASE("the version of the language") {
  CHECK(loading("command: [a]\n") == Lines{"1:1: error: `pidns` is missing: the version of the language"});
  CHECK(loading("pidns: 2\ncommand: [a]\n") ==
        Lines{"1:8: error: this program does not read version 2 of the language"});
  CHECK(loading("pidns: \"1\"\ncommand: [a]\n") == Lines{"1:8: error: a quoted `1` is a string, not a number"});
  CHECK(loading("pidns:\ncommand: [a]\n") == Lines{"1:1: error: `pidns` has no value"});
}

TEST_CASE("unknown keys have a nearest one") {
  const auto judged = with("hostnmae: b");
  CHECK(judged.findings == Lines{"3:1: error: unknown key `hostnmae`"});
  CHECK(only(judged).fix == "hostname:");
  CHECK(only(with("bananas: b")).fix.empty());
  CHECK(only(with("kill-chlid: b")).fix == "kill-child:");
}

TEST_CASE("words of other tools are refused with ours") {
  CHECK(only(with("network: host")).fix == "unshare: [net]");
  CHECK(only(with("working_dir: /")).fix == "cwd");
  CHECK(only(with("environment: {}")).fix == "env");
  CHECK(only(with("entrypoint: a")).fix == "command");
  CHECK(only(with("cap_add: []")).fix == "capabilities");
  CHECK(only(load_only("pidns: 1\nunshare: [mnt]\ncommand: [a]\n")).fix == "mount");
  CHECK(only(load_only("pidns: 1\nunshare: [network]\ncommand: [a]\n")).fix == "net");
  for (const char* word : {"restart", "ports", "volumes", "healthcheck", "seccomp", "memory"})
    CHECK(with(std::string(word) + ": a").findings ==
          Lines{"3:1: error: `" + std::string(word) + "` is not in version 1 of the language"});
}

TEST_CASE("keys of another level say where they belong") {
  CHECK(loading("pidns: 1\nprocesses: {a: {command: [b], hostname: c, name: d}}\n") ==
        Lines{"2:31: error: `hostname` does not belong here: it is a key of a node",
              "2:44: error: `name` does not belong here: it is a key of the root of a spec"});
  CHECK(with("within: 5s").findings == Lines{"3:1: error: `within` does not belong here: it is a key of `ready`"});
  CHECK(with("soft: 5").findings ==
        Lines{"3:1: error: `soft` does not belong here: it is a key of an entry of `rlimits`"});
  CHECK(with("x-a: {no: matter}").findings == Lines{});
  CHECK(loading("pidns: 1\nnamespaces: {a: {command: [b], x-c: 1}}\n") ==
        Lines{"2:32: error: `x-c` does not belong here: `x-` keys stand at the top of a spec"});
}

TEST_CASE("what a node is made of") {
  CHECK(judging("pidns: 1\n") == Lines{"1:1: error: the spec has nothing to run"});
  CHECK(loading("pidns: 1\nnamespaces:\n  a: {}\n") == Lines{"3:3: error: the node `a` has nothing in it"});
  CHECK(only(load_only("pidns: 1\nnamespaces: {a: {}}\n")).fix == "command: [sleep, infinity]");
  CHECK(loading("pidns: 1\ncommand: [a]\nscript: b\n") == Lines{"3:1: error: `script` beside `command`"});
  CHECK(loading("pidns: 1\ncommand: [a]\nprocesses: {b: {script: c}}\n") ==
        Lines{"3:1: error: `processes` beside `command`"});
  CHECK(loading("pidns: 1\nprocesses: {}\n") == Lines{"2:12: error: `processes` is empty"});
  CHECK(loading("pidns: 1\nnamespaces: [a]\n") ==
        Lines{"2:13: error: `namespaces` takes a map of names to nodes, not a list"});
  CHECK(loading("pidns: 1\nnamespaces: {a: }\n") ==
        Lines{"2:14: error: `a` takes a map: the node's keys, not nothing"});
  CHECK(loading("pidns: 1\nprocesses: {a: {cwd: /}}\n") ==
        Lines{"2:13: error: the process `a` has neither `command` nor `script`"});
  CHECK(loading("pidns: 1\nprocesses: {a: [b]}\n") ==
        Lines{"2:16: error: `a` takes a map with `command` or `script`, not a list"});
}

TEST_CASE("process keys without a process") {
  CHECK(loading("pidns: 1\nuid: 0\nenv: {A: b}\numask: \"022\"\nprocesses: {a: {command: [b]}}\n") ==
        Lines{"2:1: error: `uid` belongs to a process, and this node has none of its own"});
}

TEST_CASE("names") {
  CHECK(loading("pidns: 1\nname: a/b\ncommand: [a]\n") == Lines{"2:7: error: `a/b` is not a name"});
  CHECK(loading("pidns: 1\nprocesses:\n  -a: {command: [b]}\n  on: {command: [b]}\n  1: {command: [b]}\n") ==
        Lines{"3:3: error: `-a` is not a name"});
  CHECK(loading("pidns: 1\nprocesses: {a: {command: [b]}}\nnamespaces: {a: {command: [b]}}\n") ==
        Lines{"3:14: error: `a` is also the name of a process"});
  CHECK(loading("pidns: 1\nprocesses: {" + std::string(64, 'a') + ": {command: [b]}}\n").size() == 1);
}

TEST_CASE("kinds of namespaces") {
  CHECK(loading("pidns: 1\nunshare: net\ncommand: [a]\n") == Lines{});
  CHECK(load_only("pidns: 1\nunshare: all\ncommand: [a]\n").spec->root.unshared() == NamespaceSet::all());
  CHECK(loading("pidns: 1\nunshare: [pid, net, pid]\ncommand: [a]\n") == Lines{"2:21: error: `pid` is named twice"});
  CHECK(loading("pidns: 1\nunshare: [all]\ncommand: [a]\n") == Lines{"2:11: error: `all` is not an element of a list"});
  CHECK(loading("pidns: 1\nunshare: []\ncommand: [a]\n") == Lines{"2:10: error: `unshare` names no kind"});
  CHECK(loading("pidns: 1\nunshare: {pid: true}\ncommand: [a]\n").size() == 1);
}

TEST_CASE("mounts and roots") {
  CHECK(with("mounts: [{type: bind, source: /a, target: /b, options: [ro]}]").findings == Lines{});
  CHECK(with("mounts: [{type: bind, target: b}]").findings ==
        Lines{"3:10: error: a mount of type `bind` needs `source`", "3:31: error: `target` takes an absolute path"});
  CHECK(with("mounts: [{target: /b, content: x, type: tmpfs, frob: 1}]").findings ==
        Lines{"3:23: error: `content` belongs to a mount of type `file`", "3:48: error: unknown key `frob`"});
  CHECK(with("root: {type: overlay}").findings == Lines{"3:7: error: a root of type `overlay` needs `lower`"});
  CHECK(with("root: {lower: a}").findings == Lines{"3:7: error: `root` as a map needs `type`"});
  CHECK(with("root: rootfs").spec->root.root->path == "rootfs");
  CHECK(with("masked-paths: [a]").findings == Lines{"3:16: error: `masked-paths` takes absolute paths"});
}

TEST_CASE("ids, capabilities, limits, descriptors") {
  CHECK(with("uid-map: [{inside: 0, outside: 1000, count: 1}]").findings == Lines{});
  CHECK(with("uid-map: [{inside: 0, count: 0}]").findings ==
        Lines{"3:11: error: `outside` is missing", "3:30: error: `count` is from 1 to 4294967295, not 0"});
  CHECK(with("uid-map: roott").findings.size() == 1);
  CHECK(with("uid: 4294967295").findings == Lines{"3:6: error: `uid` is from 0 to 4294967294, not 4294967295"});
  CHECK(with("uid: nobody").findings == Lines{});
  CHECK(with("capabilities: [net_raw]").spec->root.processes[0].capabilities->names[0].value == "CAP_NET_RAW");
  CHECK(only(with("capabilities: [CAP_NET_RAV]")).fix == "CAP_NET_RAW");
  CHECK(with("rlimits: {nofile: 1024, core: unlimited, stack: {soft: 1, hard: 2}}").findings == Lines{});
  CHECK(with("rlimits: {nofiles: 1}").findings == Lines{"3:11: error: `nofiles` is not a resource limit"});
  CHECK(with("rlimits: {nofile: {soft: 2, hard: 1}}").findings ==
        Lines{"3:19: error: the soft limit is above the hard one"});
  CHECK(with("pass-fds: [3, 2, 3]").findings ==
        Lines{"3:15: error: `pass-fds` is from 3 to 1048575, not 2", "3:18: error: `3` is named twice"});
  CHECK(with("join: {net: 12, pid: /proc/1/ns/pid, mnt: 3}").findings ==
        Lines{"3:38: error: `mnt` is no kind of namespace"});
  CHECK(with("sysctls: {net/ipv4/ip_forward: 1}").spec->root.sysctls->at(0).value.name == "net.ipv4.ip_forward");
  CHECK(with("keep-env: [LC_*, \"A*B\"]").findings == Lines{"3:18: error: `*` matches at the end of a name only"});
  CHECK(with("depends-on: {a: redy}").findings.size() == 1);
  CHECK(with("ready: {tcp: 80, path: /a}").findings == Lines{"3:18: error: `ready` has one probe"});
  CHECK(with("ready: {within: 5s}").findings == Lines{"3:8: error: `ready` needs a probe"});
}

TEST_CASE("every key has a row with its words, and names differ within a level") {
  for (const Field& one : fields()) {
    CHECK_FALSE(one.type.empty());
    CHECK_FALSE(one.doc.empty());
    CHECK(find_field(one.name, one.level) == &one);
  }
}
