/// Keys: P001 and on.

#include "explain/pages.h"

namespace pidns {
namespace {

using Setting = Page::Setting;

// clang-format off
constexpr Page pages[] = {
    {Code::unknown_key,
     "A spec has a fixed set of keys at each level, named after the long options of unshare(1) where there is one. "
     "Anything else is refused, since a key that is silently ignored looks like one that works: a misspelt "
     "`mount-proc` would leave you with the /proc of somebody else. Words of other tools are known, and answered "
     "with ours. What is meant for other tools, or for anchors, goes under keys that begin with `x-` at the top of "
     "the spec.",
     R"(pidns: 1
unshare: [mount]
mount-prok: true
command: [ls, /proc]
)",
     R"(pidns: 1
unshare: [mount]
mount-proc: true
command: [ls, /proc]
)",
     "`pidns schema`, which lists every key", Setting::root},
    {Code::other_level,
     "The key exists, and belongs to another kind of map: `pidns`, `name`, `description` and `x-` keys to the top "
     "of the spec; those that make and furnish namespaces to a node; `command`, `uid` and the like to a process. A "
     "process lives in the namespaces of its node and cannot have some of its own; give it a node under "
     "`namespaces` instead.",
     R"(pidns: 1
processes:
  web:
    hostname: web
    command: [sleep, "1"]
  log: {command: [sleep, "1"]}
)",
     R"(pidns: 1
namespaces:
  web:
    unshare: [uts]
    hostname: web
    command: [sleep, "1"]
  log: {command: [sleep, "1"]}
)",
     "`pidns schema`", Setting::root},
    {Code::not_in_version,
     "Version 1 of the language has no restarts, no port forwarding, no images, no cgroup limits and no seccomp "
     "filters, though tools with similar files have them. The word is refused rather than passed over, so that "
     "nobody relies on a limit that is not there. A loop in a `script` restarts; `rlimits` limits a process.",
     R"(pidns: 1
command: [sleep, "1"]
restart: always
)",
     R"(pidns: 1
script: while :; do sleep 1 && break; done
)",
     "`pidns schema`", Setting::root},
    {Code::missing_key,
     "Some maps say nothing without a certain key. A spec begins with `pidns: 1`, so that a program of a later "
     "version knows how to read it; a mount has a `type` and a `target`, a bind a `source` too; an extent of an id "
     "map has `inside`, `outside` and `count`; a process has a `command` or a `script`.",
     R"(pidns: 1
unshare: [mount]
mounts: [{type: bind, target: /mnt}]
command: [ls, /mnt]
)",
     R"(pidns: 1
unshare: [mount]
mounts: [{type: bind, source: /usr, target: /mnt}]
command: [ls, /mnt]
)",
     "`pidns schema`", Setting::root},
    {Code::key_twice,
     "The keys of a YAML map differ from one another; many readers take the last of two in silence, and the first "
     "is lost. Where two anchors are to be merged, one `<<` takes a list of them.",
     R"(pidns: 1
env: {A: "1"}
command: [env]
env: {B: "2"}
)",
     R"(pidns: 1
env: {A: "1", B: "2"}
command: [env]
)",
     "YAML 1.2.2, section 3.2.1.3, \"Node Comparison\"", Setting::root},
    {Code::keys_exclude,
     "A process runs either a `command`, which is executed as it stands, or a `script`, which /bin/sh reads. A "
     "node has one process of its own, by `command` or `script`, or several under `processes`, where each has a "
     "name.",
     R"(pidns: 1
command: [echo, a]
script: echo b
)",
     R"(pidns: 1
processes:
  a: {command: [echo, a]}
  b: {script: echo b}
)",
     "`pidns schema`", Setting::root},
    {Code::nothing_in_it,
     "A namespace lives as long as something is in it: a process, or a file that holds it open. A node without a "
     "`command`, a `script`, `processes` or `namespaces` would end at the moment when it is made. Where a "
     "namespace is wanted to look at, or to enter later, something has to sit in it.",
     R"(pidns: 1
namespaces:
  empty: {unshare: [uts], hostname: empty}
)",
     R"(pidns: 1
namespaces:
  empty: {unshare: [uts], hostname: empty, command: [sleep, infinity]}
)",
     "namespaces(7), \"Namespace lifetime\"", Setting::root},
    {Code::no_own_process,
     "Keys such as `uid`, `nice` or `stdout` are about one process: they stand beside its `command` or `script`. "
     "Of a process's keys a node hands down only `env`, `clear-env`, `keep-env`, `cwd`, `umask` and `rlimits`.",
     R"(pidns: 1
nice: 5
processes:
  a: {command: [sleep, "1"]}
  b: {command: [sleep, "1"]}
)",
     R"(pidns: 1
processes:
  a: {command: [sleep, "1"], nice: 5}
  b: {command: [sleep, "1"], nice: 5}
)",
     "`pidns schema`", Setting::root},
    {Code::bad_name,
     "Names of instances, nodes and processes are parts of addresses (`ns1/web`), of file names and of variables. "
     "They have 1 to 63 letters, digits, `_`, `.` and `-`, and begin with a letter or digit.",
     R"(pidns: 1
processes:
  web/1: {command: [sleep, "1"]}
)",
     R"(pidns: 1
processes:
  web-1: {command: [sleep, "1"]}
)",
     "`pidns schema`", Setting::root},
    {Code::name_taken,
     "The nodes and processes of one node are called by the same addresses: `ns1/web` could be either. So they "
     "share one set of names.",
     R"(pidns: 1
processes:
  web: {command: [sleep, "1"]}
namespaces:
  web: {command: [sleep, "1"]}
)",
     R"(pidns: 1
processes:
  web: {command: [sleep, "1"]}
namespaces:
  web-ns: {command: [sleep, "1"]}
)",
     "`pidns schema`", Setting::root},
    {Code::needs_namespace,
     "What a key changes belongs to a namespace: the host name to the uts namespace, mounts to the mount "
     "namespace, `lo` to the net namespace. Without one of its own the node lives in its parent's, or in the "
     "machine's, and sethostname(2) or mount(2) would change that for all who share it. So the kind stands in this "
     "node's own `unshare`: nothing is implied, and a parent's or a joined namespace does not count.",
     R"(pidns: 1
unshare: [mount]
hostname: web
command: [hostname]
)",
     R"(pidns: 1
unshare: [mount, uts]
hostname: web
command: [hostname]
)",
     "namespaces(7), unshare(2)", Setting::root},
    {Code::needs_key,
     "Some keys say more about what another one asks for: `argv0` about a `command`, `content` about a mount of "
     "type `file`, `lower` about a root of type `overlay`. Alone they would be without effect.",
     R"(pidns: 1
argv0: greeter
script: echo hello
)",
     R"(pidns: 1
argv0: greeter
command: [sh, -c, echo hello]
)",
     "`pidns schema`", Setting::root},
    {Code::keep_env_alone,
     "Without `clear-env` a process gets the whole environment of the caller, and there is nothing to keep. With "
     "it the process starts from nothing, and `keep-env` names what it gets all the same.",
     R"(pidns: 1
keep-env: [TERM, LC_*]
command: [env]
)",
     R"(pidns: 1
clear-env: true
keep-env: [TERM, LC_*]
command: [env]
)",
     "environ(7)", Setting::root},
    {Code::wrong_version,
     "The number is the version of the spec language, not of the program. Another version may give the same words "
     "another meaning, so a spec of one is not read as the other.",
     R"(pidns: 2
command: [echo, hello]
)",
     R"(pidns: 1
command: [echo, hello]
)",
     "`pidns --version`, which says what this program reads", Setting::root},
};
// clang-format on

}  // namespace

std::span<const Page> pages_of_keys() noexcept { return pages; }

}  // namespace pidns
