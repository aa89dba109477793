/// Values: P101 and on.

#include "explain/pages.h"

namespace pidns {
namespace {

using Setting = Page::Setting;

// clang-format off
constexpr Page pages[] = {
    {Code::wrong_type,
     "Each key takes certain types: a string, a number, true or false, a list, a map. Nothing is converted. In "
     "YAML `[a, b]` and lines that begin with `- ` are lists, `{a: b}` and lines with `a: b` maps.",
     R"(pidns: 1
env: [A=1, B=2]
command: [env]
)",
     R"(pidns: 1
env: {A: "1", B: "2"}
command: [env]
)",
     "`pidns schema`", Setting::root},
    {Code::yaml_word,
     "Where a string is meant, a plain `true`, `no`, `null`, `012` or `1:30` is refused: one YAML reader takes it "
     "for a bool, a null or a number, another for text. In quotes it is text for all of them. In `command` numbers "
     "are taken as they are written, and in `env` any such word is.",
     R"(pidns: 1
unshare: [uts]
hostname: no
command: [hostname]
)",
     R"(pidns: 1
unshare: [uts]
hostname: "no"
command: [hostname]
)",
     "YAML 1.2.2, section 10.3, \"Core Schema\"; YAML 1.1 knows still more words", Setting::root},
    {Code::no_value,
     "A key with nothing behind it is null to YAML. It may be meant as an empty text, as a default, or it was "
     "forgotten; pidns does not guess. An empty text is `\"\"`; in `env`, `null` removes a variable.",
     R"(pidns: 1
env:
  LANG:
command: [env]
)",
     R"(pidns: 1
env:
  LANG: null
command: [env]
)",
     "environ(7); YAML 1.2.2, section 7.2, \"Empty Nodes\"", Setting::root},
    {Code::empty,
     "An empty list or text where at least one element or letter is needed asks for nothing. For no new namespaces "
     "leave `unshare` out; for no nested nodes leave `namespaces` out.",
     R"(pidns: 1
unshare: []
command: [echo, hello]
)",
     R"(pidns: 1
command: [echo, hello]
)",
     "`pidns schema`", Setting::root},
    {Code::not_a_bool,
     "A switch is `true` or `false`, plain and in small letters. `yes` and `on` are bools to YAML 1.1 and text to "
     "YAML 1.2; a quoted \"true\" is text to both.",
     R"(pidns: 1
clear-env: yes
command: [env]
)",
     R"(pidns: 1
clear-env: true
command: [env]
)",
     "YAML 1.2.2, section 10.3, \"Core Schema\"", Setting::root},
    {Code::not_a_number,
     "Numbers are decimal and plain, without leading zero, `+`, `_`, `0x`, fraction or exponent: `010` is eight to "
     "one YAML reader and ten to another.",
     R"(pidns: 1
nice: 010
command: [nice]
)",
     R"(pidns: 1
nice: 10
command: [nice]
)",
     "YAML 1.2.2, section 10.3, \"Core Schema\"", Setting::root},
    {Code::out_of_range,
     "The kernel takes certain values only: a nice value is from -20 to 19, oom_score_adj from -1000 to 1000, an "
     "id from 0 to 4294967294, a passed descriptor from 3. Durations that say how long to wait are not negative.",
     R"(pidns: 1
nice: 40
command: [nice]
)",
     R"(pidns: 1
nice: 19
command: [nice]
)",
     "setpriority(2), proc(5)", Setting::root},
    {Code::not_a_word,
     "The key takes one word out of a few, spelled as in the language: `propagation` for instance has private, "
     "slave, shared and unchanged, without the `r` of mount(8), since it always goes down the whole tree.",
     R"(pidns: 1
unshare: [mount]
propagation: rslave
command: [findmnt, -o, "TARGET,PROPAGATION"]
)",
     R"(pidns: 1
unshare: [mount]
propagation: slave
command: [findmnt, -o, "TARGET,PROPAGATION"]
)",
     "`pidns schema`", Setting::root},
    {Code::not_a_signal,
     "Signals are written `SIGTERM`, `term` or `15`; real-time ones `SIGRTMIN+3`, `SIGRTMAX-1`. 32 and 33 belong "
     "to the C library, and what is beyond 64 does not exist.",
     R"(pidns: 1
stop-signal: SIGTREM
command: [sleep, "1"]
)",
     R"(pidns: 1
stop-signal: SIGTERM
command: [sleep, "1"]
)",
     "signal(7); `kill -l` lists them", Setting::root},
    {Code::not_a_duration,
     "A duration has units, from the greatest to the least: `250ms`, `1.5s`, `2m`, `1h30m`, `10d`. A bare number "
     "is seconds.",
     R"(pidns: 1
timeout: 5 minutes
command: [sleep, "1"]
)",
     R"(pidns: 1
timeout: 5m
command: [sleep, "1"]
)",
     "`pidns schema`", Setting::root},
    {Code::relative_path,
     "Inside a node there is no folder yet from which a relative path could count: the root may be another, and "
     "`cwd` itself is one of these paths. So paths inside begin with `/`. Paths of the host, such as a mount's "
     "`source`, may be relative and count from the spec's directory.",
     R"(pidns: 1
cwd: tmp
command: [pwd]
)",
     R"(pidns: 1
cwd: /tmp
command: [pwd]
)",
     "path_resolution(7)", Setting::root},
    {Code::not_octal,
     "A mode is read in base eight. Plain, `0027` is twenty-three to one YAML reader and twenty-seven to another; "
     "in quotes it is text, which pidns reads as octal. A umask goes to 0777, the mode of a file to 7777.",
     R"(pidns: 1
umask: "0888"
script: umask
)",
     R"(pidns: 1
umask: "0077"
script: umask
)",
     "umask(2), chmod(2), inode(7)", Setting::root},
    {Code::command_string,
     "execve(2) takes a list of strings, and so does `command`: no word is split, no quote removed, no `$` "
     "expanded. A text that is meant for a shell stands under `script`.",
     R"(pidns: 1
command: echo hello
)",
     R"(pidns: 1
command: [echo, hello]
)",
     "execve(2)", Setting::root},
    {Code::named_twice,
     "The list is a set: a process has one namespace of each kind, and a descriptor is passed or not. A second "
     "mention is a slip, or something else was meant.",
     R"(pidns: 1
unshare: [mount, uts, mount]
command: [echo, hello]
)",
     R"(pidns: 1
unshare: [mount, uts]
command: [echo, hello]
)",
     "`pidns schema`", Setting::root},
    {Code::unknown_kind,
     "Linux has eight kinds of namespaces: pid, mount, uts, ipc, net, user, cgroup and time. They are called as "
     "unshare(1) calls its options: `mount` and not `mnt`, `net` and not `network`. All eight at once are "
     "`unshare: all`, without a list.",
     R"(pidns: 1
unshare: [mnt, network]
command: [echo, hello]
)",
     R"(pidns: 1
unshare: [mount, net]
command: [echo, hello]
)",
     "namespaces(7)", Setting::root},
    {Code::not_a_capability,
     "The kernel knows the capabilities by numbers; their names are those of capabilities(7), with or without "
     "`CAP_`, in any case. A name that means none would keep less than was wanted.",
     R"(pidns: 1
capabilities: [CAP_NET_BINDSERVICE]
command: [echo, hello]
)",
     R"(pidns: 1
capabilities: [CAP_NET_BIND_SERVICE]
command: [echo, hello]
)",
     "capabilities(7)", Setting::root},
    {Code::not_a_limit,
     "The kernel has sixteen limits for each process. They are called as by prlimit(1) and limits.conf(5): "
     "`nofile` is RLIMIT_NOFILE.",
     R"(pidns: 1
rlimits: {files: 256}
command: [sh, -c, ulimit -n]
)",
     R"(pidns: 1
rlimits: {nofile: 256}
command: [sh, -c, ulimit -n]
)",
     "setrlimit(2), prlimit(1)", Setting::root},
    {Code::soft_above_hard,
     "A process is held to the soft limit and may raise it up to the hard one. setrlimit(2) refuses a soft limit "
     "above the hard one.",
     R"(pidns: 1
rlimits: {nofile: {soft: 512, hard: 256}}
command: [sh, -c, ulimit -n]
)",
     R"(pidns: 1
rlimits: {nofile: {soft: 256, hard: 512}}
command: [sh, -c, ulimit -n]
)",
     "setrlimit(2), EINVAL", Setting::root},
    {Code::not_a_variable,
     "The environment that execve(2) takes is a list of `NAME=value`: the first `=` ends the name, so none can "
     "stand in it, and an empty name cannot be found again.",
     R"(pidns: 1
env: {"A=B": c}
command: [env]
)",
     R"(pidns: 1
env: {A: "B=c"}
command: [env]
)",
     "environ(7)", Setting::root},
    {Code::star_inside,
     "In `keep-env` a `*` stands for the rest of a name, and so only at its end: `LC_*` is LC_ALL, LC_TIME and the "
     "others. Patterns of another form are listed name by name.",
     R"(pidns: 1
clear-env: true
keep-env: ["*_PROXY"]
command: [env]
)",
     R"(pidns: 1
clear-env: true
keep-env: [HTTP_PROXY, "HTTPS_*"]
command: [env]
)",
     "`pidns schema`", Setting::root},
    {Code::not_a_parameter,
     "A kernel parameter is a file below /proc/sys, written with dots or slashes: `net.ipv4.ip_forward`. A name "
     "that is empty, begins with a dot or climbs with `..` is not below it.",
     R"(pidns: 1
unshare: [net]
sysctls: {../etc/passwd: "1"}
command: [echo, hello]
)",
     R"(pidns: 1
unshare: [net]
sysctls: {net.ipv4.ip_forward: "1"}
command: [echo, hello]
)",
     "sysctl(8), proc(5)", Setting::root},
    {Code::hostname_length,
     "The kernel keeps 64 bytes for the host name and for the NIS domain name (__NEW_UTS_LEN), and sethostname(2) "
     "refuses more with EINVAL.",
     R"(pidns: 1
unshare: [uts]
hostname: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
command: [hostname]
)",
     R"(pidns: 1
unshare: [uts]
hostname: web
command: [hostname]
)",
     "sethostname(2), uts_namespaces(7)", Setting::root},
    {Code::not_a_regex,
     "Regular expressions are those of ECMAScript, as JavaScript has them. In YAML a plain or single-quoted text "
     "keeps its backslashes; in double quotes each is written twice.",
     R"(pidns: 1
command: [echo, hello]
tests:
  - {name: it greets, script: echo hello, expect: {stdout: {matches: "h(el+o"}}}
)",
     R"(pidns: 1
command: [echo, hello]
tests:
  - {name: it greets, script: echo hello, expect: {stdout: {matches: "h(el+)o"}}}
)",
     "ECMA-262, \"RegExp (Regular Expression) Objects\"", Setting::root},
};
// clang-format on

}  // namespace

std::span<const Page> pages_of_values() noexcept { return pages; }

}  // namespace pidns
