#include "cli/output.h"
#include "cli/verbs.h"

namespace pidns::cli {
namespace {

constexpr std::string_view head = R"(# A spec of pidns, ready to run:
#
#   pidns validate FILE      what is wrong with it, all at once
#   pidns plan FILE          each step that a run takes, and the key that asks for it
#   pidns run FILE           take these steps, and end with the command's status
#
# `pidns schema` prints what an editor needs to complete and explain the keys.
pidns: 1                         # the version of the language
)";

constexpr std::string_view for_root = R"(
unshare: [pid, mount, uts]       # made new; the others: ipc, net, user, cgroup, time
)";

constexpr std::string_view for_anybody = R"(
unshare: [user, pid, mount, uts] # made new; `user` first: inside it, anybody may make the others
uid-map: root                    # whoever runs this is root inside, and nobody else
gid-map: root
)";

constexpr std::string_view rest =
    R"(hostname: sandbox                # needs `uts`: without, the machine itself would be renamed
mount-proc: true                 # needs `mount`; without, ps would show the processes outside

# One command, which is PID 1 here. Its arguments are a list: no shell splits them.
#   command: [sleep, infinity]
# Or a script, for /bin/sh -eu; `pidns run FILE -- ARG...` gives it "$@".
script: |
  echo "I am PID $$ of $(hostname), and these are all processes here:"
  ps -e -o pid,ppid,args

# Several processes have names, and stand in the place of `command` or `script`:
#   processes:
#     web: {command: [nginx, -g, daemon off;]}
#     log: {script: "while sleep 5; do date; done"}

# Nodes nest; each may make namespaces of its own inside this one's:
#   namespaces:
#     inner:
#       unshare: [pid]
#       command: [sleep, infinity]

# What holds for all processes of a node, and for what is nested in it:
#   env: {GREETING: hello, LANG: null}    # null removes
#   cwd: /tmp
#   rlimits: {nofile: 1024}
)";

}  // namespace

int verb_new(const Command& command, const ParsedArguments& parsed) {
  const std::string text =
      std::string(head) + std::string(parsed.has(option::rootless) ? for_anybody : for_root) + std::string(rest);
  return write_output(text) ? 0 : command.usage_status;
}

}  // namespace pidns::cli
