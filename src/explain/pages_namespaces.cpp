/// Namespaces and their PID 1: P301 and on.

#include "explain/pages.h"

namespace pidns {
namespace {

using Setting = Page::Setting;

// clang-format off
constexpr Page pages[] = {
    {Code::too_deep,
     "The kernel nests at most 32 pid namespaces and 33 user namespaces below the initial one, and refuses the "
     "next with ENOSPC. The levels of the caller count: in a container one or more are gone already. Most specs "
     "need a level of another kind, which may nest deeper, or the same level twice side by side.",
     R"(pidns: 1
namespaces: {n: {unshare: pid, namespaces: {n: {unshare: pid, namespaces: {n: {unshare: pid,
 namespaces: {n: {unshare: pid, namespaces: {n: {unshare: pid, namespaces: {n: {unshare: pid,
 namespaces: {n: {unshare: pid, namespaces: {n: {unshare: pid, namespaces: {n: {unshare: pid,
 namespaces: {n: {unshare: pid, namespaces: {n: {unshare: pid, namespaces: {n: {unshare: pid,
 namespaces: {n: {unshare: pid, namespaces: {n: {unshare: pid, namespaces: {n: {unshare: pid,
 namespaces: {n: {unshare: pid, namespaces: {n: {unshare: pid, namespaces: {n: {unshare: pid,
 namespaces: {n: {unshare: pid, namespaces: {n: {unshare: pid, namespaces: {n: {unshare: pid,
 namespaces: {n: {unshare: pid, namespaces: {n: {unshare: pid, namespaces: {n: {unshare: pid,
 namespaces: {n: {unshare: pid, namespaces: {n: {unshare: pid, namespaces: {n: {unshare: pid,
 namespaces: {n: {unshare: pid, namespaces: {n: {unshare: pid, namespaces: {n: {unshare: pid,
 namespaces: {n: {unshare: pid, namespaces: {n: {unshare: pid, namespaces: {n: {unshare: pid,
 mount-proc: false,
 command: [echo, deep]}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}
)",
     R"(pidns: 1
namespaces: {n: {unshare: pid, namespaces: {n: {unshare: pid, namespaces: {n: {unshare: pid,
 mount-proc: false,
 command: [echo, deep]}}}}}}
)",
     "pid_namespaces(7), user_namespaces(7), clone(2) ENOSPC", Setting::root},
    {Code::no_privilege,
     "All kinds but user need CAP_SYS_ADMIN, which an ordinary user does not have: new mounts or pids could "
     "deceive a set-uid program. In a user namespace of one's own one has every capability, over that namespace "
     "and what belongs to it. So with `user` in the outermost `unshare` anybody may make the others, and is root "
     "inside.",
     R"(pidns: 1
unshare: [uts]
hostname: web
command: [hostname]
)",
     R"(pidns: 1
unshare: [user, uts]
hostname: web
command: [hostname]
)",
     "user_namespaces(7), clone(2) EPERM, capabilities(7)", Setting::anybody},
    {Code::made_and_joined,
     "A process is in exactly one namespace of each kind: it is either a new one or one that exists. To have both, "
     "nest: an outer node joins, an inner one makes its own.",
     R"(pidns: 1
unshare: [uts, net]
join: {net: /proc/self/ns/net}
command: [echo, hello]
)",
     R"(pidns: 1
unshare: [uts]
join: {net: /proc/self/ns/net}
command: [echo, hello]
)",
     "setns(2), unshare(2)", Setting::root},
    {Code::sysctl_of_machine,
     "Most of /proc/sys belongs to the machine: a value written inside a namespace changes it for everybody. Only "
     "what the kernel keeps for each namespace can be set here: net.* with `net`; kernel.shm*, kernel.msg*, "
     "kernel.sem and fs.mqueue.* with `ipc`; kernel.pid_max and kernel.ns_last_pid with `pid`; user.max_* with "
     "`user`.",
     R"(pidns: 1
unshare: [net]
sysctls: {vm.swappiness: "1"}
command: [echo, hello]
)",
     R"(pidns: 1
unshare: [net]
sysctls: {net.ipv4.ip_forward: "1"}
command: [echo, hello]
)",
     "proc(5), namespaces(7), sysctl(8)", Setting::root},
    {Code::init_false_of_several,
     "A pid namespace has one PID 1, and everything in it ends with it. `init: false` says that the node's command "
     "is that process. With a second one, or a nested node, somebody has to start and reap the others: an init of "
     "pidns's own (`init: true`), or a process that you name.",
     R"(pidns: 1
unshare: [pid, mount]
mount-proc: true
init: false
processes:
  a: {command: [sleep, "1"]}
  b: {command: [sleep, "1"]}
)",
     R"(pidns: 1
unshare: [pid, mount]
mount-proc: true
init: true
processes:
  a: {command: [sleep, "1"]}
  b: {command: [sleep, "1"]}
)",
     "pid_namespaces(7), \"The namespace init process\"", Setting::root},
    {Code::init_names_nobody,
     "`init: NAME` makes one of this node's own processes PID 1, and puts the others into its namespace. It names "
     "a key of this node's `processes`, not of a nested node's.",
     R"(pidns: 1
unshare: [pid, mount]
mount-proc: true
init: supervisor
processes:
  main: {command: [sleep, "1"]}
)",
     R"(pidns: 1
unshare: [pid, mount]
mount-proc: true
init: main
processes:
  main: {command: [sleep, "1"]}
)",
     "pid_namespaces(7), \"The namespace init process\"", Setting::root},
    {Code::orphans_stay,
     "A process whose parent has ended becomes a child of PID 1 of its pid namespace. A shell waits for the jobs "
     "that it started, not for children that it never heard of: when those end they stay as zombies, until PID 1 "
     "ends too. `init: true` puts an init of pidns's own in its place.",
     R"(pidns: 1
unshare: [pid, mount]
mount-proc: true
script: |
  sleep 1 &
  sleep 2
)",
     R"(pidns: 1
unshare: [pid, mount]
mount-proc: true
init: true
script: |
  sleep 1 &
  sleep 2
)",
     "pid_namespaces(7), wait(2), NOTES", Setting::root},
    {Code::tie_does_nothing,
     "When pidns dies, the kernel sends `kill-child` to the node's first process. That is PID 1, and to PID 1 of a "
     "namespace the kernel delivers from outside only what it has a handler for, and SIGKILL. A bare command "
     "without a handler lives on, and so does the namespace.",
     R"(pidns: 1
unshare: [pid, mount]
mount-proc: true
kill-child: SIGTERM
command: [sleep, "1"]
)",
     R"(pidns: 1
unshare: [pid, mount]
mount-proc: true
kill-child: SIGTERM
script: |
  trap 'exit 0' TERM
  sleep 1
)",
     "PR_SET_PDEATHSIG(2const), pid_namespaces(7), signal(7)", Setting::root},
    {Code::tie_off,
     "pidns ends what it made in an orderly way, unless it is killed with SIGKILL: then only the kernel can, by "
     "the signal that `kill-child` asks for. With `false` nothing is tied, and what runs here goes on without "
     "anybody who watches it.",
     R"(pidns: 1
unshare: [pid, mount]
mount-proc: true
kill-child: false
command: [sleep, "1"]
)",
     R"(pidns: 1
unshare: [pid, mount]
mount-proc: true
kill-child: SIGKILL
command: [sleep, "1"]
)",
     "PR_SET_PDEATHSIG(2const)", Setting::root},
    {Code::tie_cannot_arrive,
     "When the init of a pid namespace dies, the kernel sends SIGKILL to all that is in it, nested namespaces "
     "included. A gentler `kill-child` further in has no time to arrive. On the outer node too, it reaches the "
     "init of ours there, which passes it on and waits.",
     R"(pidns: 1
unshare: [pid, mount]
mount-proc: true
namespaces:
  inner:
    kill-child: SIGTERM
    script: trap 'exit 0' TERM; sleep 1
)",
     R"(pidns: 1
unshare: [pid, mount]
mount-proc: true
kill-child: SIGTERM
namespaces:
  inner:
    kill-child: SIGTERM
    script: trap 'exit 0' TERM; sleep 1
)",
     "pid_namespaces(7), PR_SET_PDEATHSIG(2const)", Setting::root},
    {Code::join_from_user,
     "A namespace belongs to the user namespace in which it was made. What `join` names was there before the run, "
     "so it belongs to none that the spec makes, and from inside one of these nobody may enter it. In one node "
     "`join` comes before `unshare`.",
     R"(pidns: 1
unshare: [user]
namespaces:
  inner:
    join: {uts: /proc/self/ns/uts}
    command: [hostname]
)",
     R"(pidns: 1
join: {uts: /proc/self/ns/uts}
namespaces:
  inner:
    unshare: [user]
    command: [hostname]
)",
     "setns(2) EPERM, user_namespaces(7)", Setting::root},
    {Code::join_of_outer_pid,
     "setns(2) enters a pid namespace only from one of its ancestors. A pid namespace that was there before the "
     "run is never nested in one that the spec makes. Join it further out.",
     R"(pidns: 1
unshare: [pid, mount]
mount-proc: true
namespaces:
  inner:
    join: {pid: /proc/self/ns/pid}
    command: [ps, -e]
)",
     R"(pidns: 1
join: {pid: /proc/self/ns/pid}
namespaces:
  inner:
    unshare: [pid, mount]
    mount-proc: true
    command: [ps, -e]
)",
     "setns(2) EINVAL, pid_namespaces(7)", Setting::root},
    {Code::offset_too_large,
     "The offsets of a time namespace are added to clocks that count nanoseconds in 63 bits, and the kernel keeps "
     "half of that, 146 years, in reserve. An offset beyond that fits no clock, whatever it shows now.",
     R"(pidns: 1
unshare: [time]
boottime: 60000d
command: [uptime]
)",
     R"(pidns: 1
unshare: [time]
boottime: 6000d
command: [uptime]
)",
     "time_namespaces(7) ERANGE", Setting::root},
    {Code::sysctl_of_root,
     "Most parameters look at the capabilities of the writer. Those of an ipc namespace look at the uid: only 0 of "
     "the user namespace that owns it may write them. With another `uid-map` the node is set up as another uid.",
     R"(pidns: 1
unshare: [user, ipc]
uid-map: [{inside: 7, outside: 0, count: 1}, {inside: 0, outside: 1000, count: 1}]
sysctls: {kernel.shmmni: 100}
command: [ipcs, -l]
)",
     R"(pidns: 1
unshare: [user, ipc]
sysctls: {kernel.shmmni: 100}
command: [ipcs, -l]
)",
     "ipc_namespaces(7), proc_sys_kernel(5)", Setting::root},
};
// clang-format on

}  // namespace

std::span<const Page> pages_of_namespaces() noexcept { return pages; }

}  // namespace pidns
