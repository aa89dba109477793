/// The steps that the keys of a node and of a process ask for, in the order that the kernel accepts.

#include "plan/node_steps.h"

#include <catch2/catch.hpp>
#include <csignal>

#include "plan/graphs.h"
#include "plan/step_order.h"

using namespace pidns;
using namespace pidns::testing;

namespace {

CallerFacts at(const std::string& cwd) {
  CallerFacts facts;
  facts.cwd = cwd;
  return facts;
}

}  // namespace

TEST_CASE("every key of a node, in order") {
  const auto lab = canonical(
      "pidns: 1\nunshare: [mount, uts, net, ipc, pid]\n"
      "sysctls: {net.ipv4.ip_forward: \"1\", kernel.shmmax: \"1\"}\n"
      "domainname: d\nhostname: h\nread-only-root: true\nread-only-paths: [/a]\nmasked-paths: [/b, /c]\n"
      "mount-proc: true\nmounts: [{type: tmpfs, target: /t}, {type: bind, source: s, target: /s}]\n"
      "root: tree\npropagation: slave\ncommand: [a]\n");
  CHECK(program(lab.graph, "/") ==
        "TieToMaker SetPropagation ChangeRoot MountFilesystem MountFilesystem MountProcfs DetachOldRoot "
        "MaskPath MaskPath ReadOnlyPath ReadOnlyRoot SetHostname SetDomainname BringUpLoopback SetSysctl SetSysctl "
        "ChangeDirectory Exec");
  CHECK(only<ChangeRoot>(lab.graph, "/").root.path == "/specs/tree");
  CHECK(all<MountFilesystem>(process(lab.graph, "/"))[1]->mount.source == "/specs/s");
  CHECK(broken(lab).empty());
}

TEST_CASE("every key of a process, in order") {
  const auto lab = canonical(
      "pidns: 1\npass-fds: [5]\nno-new-privs: true\ncapabilities: [CAP_CHOWN, CAP_KILL]\n"
      "gid: 6\nuid: 5\noom-score-adj: 100\nnice: 3\nrlimits: {nofile: 64}\numask: \"0022\"\ncwd: /w\n"
      "stderr: e\nstdout: o\nstdin: \"null\"\nterminal: none\ncommand: [a]\n");
  CHECK(program(lab.graph, "/") ==
        "TieToMaker NewSession RedirectStream RedirectStream RedirectStream ChangeDirectory SetUmask SetRlimit SetNice "
        "SetOomScoreAdj SetCredentials TieToMaker SetCapabilities SetNoNewPrivs PassDescriptors Exec");
  CHECK(only<SetCapabilities>(lab.graph, "/").keep == (1U << 0 | 1U << 5));
  CHECK(only<PassDescriptors>(lab.graph, "/").numbers == std::vector<int>{5});
  CHECK(broken(lab).empty());
}

TEST_CASE("the steps of every process never go back in rank") {
  const auto lab = canonical(
      "pidns: 1\nunshare: [mount, pid, time, user]\nmonotonic: 1s\nmount-proc: true\nprocesses:\n"
      "  a: {command: [a], umask: \"0022\", nice: 1}\n  b: {command: [b], cwd: /, rlimits: {core: 0}}\n");
  for (const auto& process : lab.graph.processes)
    for (std::size_t i = 1; i < process.steps.size(); ++i) {
      INFO(process.address << " step " << i);
      CHECK(rank(process.steps[i - 1].action) <= rank(process.steps[i].action));
    }
}

TEST_CASE("propagation: private unless written; what is not private has its own target for proc") {
  const auto standard = canonical("pidns: 1\nunshare: [mount]\ncommand: [a]\n");
  CHECK(only<SetPropagation>(standard.graph, "/").mode == Propagation::private_);
  const auto shared = canonical("pidns: 1\nunshare: [mount, pid]\npropagation: shared\nmount-proc: /p\ncommand: [a]\n");
  CHECK(program(shared.graph, "/") == "TieToMaker SetPropagation MakePrivate MountProcfs Exec");
  CHECK(program(canonical("pidns: 1\nunshare: [mount, pid]\nmount-proc: false\ncommand: [a]\n").graph, "/") ==
        "TieToMaker SetPropagation Exec");
}

TEST_CASE("an own root lets what is missing be made") {
  const auto lab = canonical(
      "pidns: 1\nunshare: [mount, pid]\nroot: {type: tmpfs}\nmount-proc: true\n"
      "mounts: [{type: tmpfs, target: /t}, {type: tmpfs, target: /u, create: false}]\ncommand: [a]\n");
  CHECK(only<MountProcfs>(lab.graph, "/").create);
  const auto mounts = all<MountFilesystem>(process(lab.graph, "/"));
  CHECK(*mounts[0]->mount.create);
  CHECK_FALSE(*mounts[1]->mount.create);
  const auto kept = canonical(
      "pidns: 1\nunshare: [mount, pid]\nmount-proc: true\nmounts: [{type: tmpfs, target: /t}]\ncommand: [a]\n");
  CHECK_FALSE(only<MountProcfs>(kept.graph, "/").create);
  CHECK_FALSE(*only<MountFilesystem>(kept.graph, "/").mount.create);
}

TEST_CASE("lo comes up unless it is told not to") {
  CHECK(program(canonical("pidns: 1\nunshare: [net]\ncommand: [a]\n").graph, "/") ==
        "TieToMaker Unshare BringUpLoopback Exec");
  CHECK(program(canonical("pidns: 1\nunshare: [net]\nloopback: false\ncommand: [a]\n").graph, "/") ==
        "TieToMaker Unshare Exec");
}

TEST_CASE("the caller's directory is looked up again where mounts may cover it") {
  const char* proc = "pidns: 1\nunshare: [mount, pid]\nmount-proc: true\ncommand: [a]\n";
  CHECK(program(canonical(proc, at("/home")).graph, "/") == "TieToMaker SetPropagation MountProcfs Exec");
  CHECK(program(canonical(proc, at("/proc/sys")).graph, "/") ==
        "TieToMaker SetPropagation MountProcfs ChangeDirectory Exec");
  const char* root = "pidns: 1\nunshare: [mount]\nroot: /r\nnamespaces: {a: {command: [a]}}\n";
  CHECK(only<ChangeDirectory>(canonical(root, at("/home")).graph, "a").path == "/home");
  CHECK(only<ChangeDirectory>(canonical(root, at("/home")).graph, "a").or_root);
  CHECK(only<ChangeDirectory>(canonical(root, at("")).graph, "a").path == "/");
  // One without a path can only be `/`, wherever mounts are.
  const auto lost = canonical("pidns: 1\ncommand: [a]\n", at(""));
  CHECK(only<ChangeDirectory>(lost.graph, "/").path == "/");
  CHECK(broken(lost).empty());
}

TEST_CASE("ids: groups go with them, and a changed id is tied again") {
  const auto ids = canonical("pidns: 1\nkill-child: SIGINT\nuid: bin\ncommand: [a]\n");
  CHECK(program(ids.graph, "/") == "TieToMaker SetCredentials TieToMaker Exec");
  for (const auto* tie : all<TieToMaker>(process(ids.graph, "/"))) CHECK(tie->signal == SIGINT);
  const auto& credentials = only<SetCredentials>(ids.graph, "/");
  CHECK(std::get<std::string>(*credentials.uid) == "bin");
  CHECK_FALSE(credentials.gid);
  REQUIRE(credentials.groups);
  CHECK(credentials.groups->empty());

  const auto groups = canonical("pidns: 1\ngroups: [1, wheel]\ncommand: [a]\n");
  CHECK(program(groups.graph, "/") == "TieToMaker SetCredentials Exec");
  CHECK(only<SetCredentials>(groups.graph, "/").groups->size() == 2);
  const auto member =
      canonical("pidns: 1\nunshare: [pid]\nprocesses: {a: {command: [a], uid: 5}, b: {command: [b]}}\n");
  CHECK(program(member.graph, "a") == "OwnGroup RedirectStream SetCredentials AwaitStart Exec");
}

TEST_CASE("capabilities: all of them, or those named") {
  CHECK(only<SetCapabilities>(canonical("pidns: 1\ncapabilities: all\ncommand: [a]\n").graph, "/").keep ==
        ~std::uint64_t{0});
  CHECK(only<SetCapabilities>(canonical("pidns: 1\ncapabilities: []\ncommand: [a]\n").graph, "/").keep == 0);
}

TEST_CASE("argv0 and the origin of what is run") {
  const auto lab = canonical("pidns: 1\ncommand: [a, b]\nargv0: c\n");
  CHECK(*only<Exec>(lab.graph, "/").argv0 == "c");
  CHECK(only<Exec>(lab.graph, "/").argv == Lines{"a", "b"});
  CHECK(std::string(process(lab.graph, "/").steps.back().origin.key) == "command");
  CHECK(std::string(process(canonical("pidns: 1\nscript: a\n").graph, "/").steps.back().origin.key) == "script");
}

TEST_CASE("paths count from the spec's directory") {
  CHECK(from_spec_directory("a/b", "/specs") == "/specs/a/b");
  CHECK(from_spec_directory("a", "/") == "/a");
  CHECK(from_spec_directory("/a", "/specs") == "/a");
}
