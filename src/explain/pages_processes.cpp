/// Processes: P601 and on.

#include "explain/pages.h"

namespace pidns {
namespace {

using Setting = Page::Setting;

// clang-format off
constexpr Page pages[] = {
    {Code::relative_command,
     "A name without a slash is looked for on PATH. With one it is a path, and one that does not begin with `/` "
     "counts from the process's working directory inside, which need not be the spec's directory and may not hold "
     "it.",
     R"(pidns: 1
command: [bin/true]
)",
     R"(pidns: 1
command: [/bin/true]
)",
     "execvp(3), path_resolution(7)", Setting::root},
    {Code::second_main,
     "The run ends when its `main` process ends, with its status. There is one end, so there is one `main`.",
     R"(pidns: 1
processes:
  a: {command: [sleep, "1"], main: true}
  b: {command: [sleep, "1"], main: true}
)",
     R"(pidns: 1
processes:
  a: {command: [sleep, "1"], main: true}
  b: {command: [sleep, "1"]}
)",
     "`pidns schema`", Setting::root},
    {Code::second_terminal,
     "`terminal: new` joins the caller's terminal to one of the process's own: keys go in, text comes out. The "
     "caller has one terminal, which can be joined to one process only.",
     R"(pidns: 1
processes:
  a: {command: [sleep, "1"], terminal: new}
  b: {command: [sleep, "1"], terminal: new}
)",
     R"(pidns: 1
processes:
  a: {command: [sleep, "1"], terminal: new}
  b: {command: [sleep, "1"], terminal: none}
)",
     "pty(7), setsid(2)", Setting::root},
    {Code::replicas_of_one,
     "A spec has one root, at most one `main`, and each pid namespace one PID 1: there cannot be several copies of "
     "them. Copies of the root are several runs.",
     R"(pidns: 1
replicas: 2
command: [sleep, "1"]
)",
     R"(pidns: 1
processes:
  a: {command: [sleep, "1"], replicas: 2}
)",
     "pid_namespaces(7)", Setting::root},
    {Code::copy_name,
     "The copies of `web` are called `web-1`, `web-2` and so on. These names are names like any other: at most 63 "
     "letters, and each once.",
     R"(pidns: 1
processes:
  web: {command: [sleep, "1"], replicas: 2}
  web-1: {command: [sleep, "1"]}
)",
     R"(pidns: 1
processes:
  web: {command: [sleep, "1"], replicas: 2}
  db-1: {command: [sleep, "1"]}
)",
     "`pidns schema`", Setting::root},
    {Code::ambiguous_arguments,
     "What stands after `--` on the command line replaces the command of the only process. With several processes "
     "nobody can tell which one is meant.",
     R"(pidns: 1
processes:
  a: {command: [echo, a]}
  b: {command: [echo, b]}
)",
     R"(pidns: 1
command: [echo, a]
)",
     "`pidns help run`", Setting::arguments},
    {Code::raised_limit,
     "Everybody may lower a limit. Raising a hard one takes CAP_SYS_RESOURCE outside of every user namespace, and "
     "`nofile` goes no further than fs.nr_open for anybody.",
     R"(pidns: 1
rlimits: {nofile: 100000000000}
command: [sh, -c, ulimit -n]
)",
     R"(pidns: 1
rlimits: {nofile: 64}
command: [sh, -c, ulimit -n]
)",
     "setrlimit(2) EPERM", Setting::root},
    {Code::lowered_nice,
     "Everybody may be nicer. A value below the caller's takes CAP_SYS_NICE outside of every user namespace, or a "
     "limit `nice` that allows it.",
     R"(pidns: 1
nice: -10
command: [nice]
)",
     R"(pidns: 1
nice: 10
command: [nice]
)",
     "setpriority(2) EACCES, getrlimit(2)", Setting::anybody},
    {Code::lowered_oom_score,
     "Everybody may offer a process to the kernel when memory is short. A value below the caller's takes "
     "CAP_SYS_RESOURCE outside of every user namespace.",
     R"(pidns: 1
oom-score-adj: -1000
command: [cat, /proc/self/oom_score_adj]
)",
     R"(pidns: 1
oom-score-adj: 1000
command: [cat, /proc/self/oom_score_adj]
)",
     "proc_pid_oom_score_adj(5) EACCES", Setting::anybody},
    {Code::capability_not_there,
     "`capabilities` names those that stay, and nobody can keep what it never had. Dropping the others from the "
     "bounding set takes CAP_SETPCAP. In a user namespace of its own a process has all of them, over what belongs "
     "to that namespace.",
     R"(pidns: 1
capabilities: [CAP_NET_RAW]
command: [id]
)",
     R"(pidns: 1
unshare: [user]
capabilities: [CAP_NET_RAW]
command: [id]
)",
     "capabilities(7), capset(2) EPERM", Setting::anybody},
    {Code::circle,
     "A process that depends on another starts when that one has started, is ready or has ended. Where the way from "
     "one to the next comes back to where it began, each waits for ever. All processes of a node count as depending on "
     "the one that its `init` names.",
     R"(pidns: 1
processes:
  a: {command: [sleep, "1"], depends-on: [b]}
  b: {command: [sleep, "1"], depends-on: [a]}
)",
     R"(pidns: 1
processes:
  a: {command: [sleep, "1"], depends-on: [b]}
  b: {command: [sleep, "1"]}
)",
     "`pidns schema`", Setting::root},
    {Code::never_ready,
     "A process counts as ready when the probe in its `ready` says so. Of a process without one nobody could tell, and "
     "who waits for it would wait for ever.",
     R"(pidns: 1
processes:
  a: {command: [sleep, "1"], depends-on: {b: ready}}
  b: {command: [sleep, "1"]}
)",
     R"(pidns: 1
processes:
  a: {command: [sleep, "1"], depends-on: {b: started}}
  b: {command: [sleep, "1"]}
)",
     "`pidns schema`", Setting::root},
    {Code::no_program,
     "A name without a slash is looked for in each folder of the PATH that `env` gives the process, else of the "
     "caller's. Where it is in none of them `run` makes the namespaces all the same, and ends with 127. Only "
     "`validate` and `plan` look before, and only where no `root` or mount changes what is there.",
     R"(pidns: 1
command: [slepp, infinity]
)",
     R"(pidns: 1
command: [sleep, infinity]
)",
     "execvp(3) ENOENT", Setting::root},
    {Code::not_executable,
     "What is executed is a regular file with an execute bit; anything else is EACCES, and `run` ends with 126. Only "
     "`validate` and `plan` look before.",
     R"(pidns: 1
command: [/etc/passwd]
)",
     R"(pidns: 1
command: [cat, /etc/passwd]
)",
     "execve(2) EACCES", Setting::root},
    {Code::too_long,
     "A path is at most 4095 bytes, and each name in it 255. A program gets its arguments and its environment as "
     "strings of at most 131,071 bytes, all of them together at most a quarter of the soft limit `stack`, and never "
     "more than 6 MiB. What is longer goes into a file.",
     R"(pidns: 1
cwd: "/tmp/\
  a-very-long-name-for-a-working-directory-which-goes-on-and-on-and\
  a-very-long-name-for-a-working-directory-which-goes-on-and-on-and\
  a-very-long-name-for-a-working-directory-which-goes-on-and-on-and\
  a-very-long-name-for-a-working-directory-which-goes-on-and-on-and"
command: [pwd]
)",
     R"(pidns: 1
cwd: /tmp
command: [pwd]
)",
     "execve(2) E2BIG, path_resolution(7) ENAMETOOLONG", Setting::root},
};
// clang-format on

}  // namespace

std::span<const Page> pages_of_processes() noexcept { return pages; }

}  // namespace pidns
