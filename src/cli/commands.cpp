#include <array>

#include "cli/command.h"
#include "cli/verbs.h"

namespace pidns::cli {
namespace {

constexpr int status_usage = 2;
constexpr int status_run = 125;    // run's own statuses must not look like a command's
constexpr int status_defect = 70;  // EX_SOFTWARE of sysexits.h

constexpr std::array validate_options{&option::findings_format, &option::strict,     &option::offline, &option::color, &option::verbose,
                                      &option::log_level,       &option::log_format, &option::help};
constexpr std::array run_options{
    &option::detach,          &option::die_with_parent, &option::events,     &option::output, &option::log_dir, &option::no_fuse,
    &option::timings,         &option::trace,      &option::strict, &option::color,   &option::verbose,
    &option::log_level,       &option::log_format, &option::help};
constexpr std::array plan_options{&option::format,    &option::diff,       &option::no_fuse,
                                  &option::offline,   &option::strict,    &option::color,      &option::verbose,
                                  &option::log_level, &option::log_format, &option::help};
constexpr std::array explain_options{&option::pages_format, &option::color,      &option::verbose,
                                     &option::log_level,    &option::log_format, &option::help};
constexpr std::array new_options{&option::rootless, &option::verbose, &option::log_level, &option::log_format,
                                 &option::help};
constexpr std::array tree_options{&option::tree_format, &option::all_processes, &option::color, &option::verbose,
                                  &option::log_level,   &option::log_format,    &option::help};
constexpr std::array enter_options{&option::kind,      &option::user,       &option::group, &option::verbose,
                                   &option::log_level, &option::log_format, &option::help};
constexpr std::array pid_options{&option::in,        &option::pid_format, &option::verbose,
                                 &option::log_level, &option::log_format, &option::help};
constexpr std::array kill_options{&option::signal,    &option::all_commands, &option::verbose,
                                  &option::log_level, &option::log_format,   &option::help};
constexpr std::array ps_options{&option::list_format, &option::quiet,      &option::verbose,
                                &option::log_level,   &option::log_format, &option::help};
constexpr std::array logs_options{&option::follow, &option::verbose, &option::log_level, &option::log_format,
                                  &option::help};
constexpr std::array stop_options{&option::now, &option::verbose, &option::log_level, &option::log_format,
                                  &option::help};
constexpr std::array help_options{&option::verbose, &option::log_level, &option::log_format, &option::help};

#define SHORTEST "printf 'pidns: 1\\nunshare: [user, pid, mount]\\nmount-proc: true\\nscript: ps -e\\n' | "

constexpr std::array<Command, 17> table{{
    {"run", "build a spec's namespaces, run its commands, end with their status", "[OPTION...] SPEC [-- ARG...]",
     "SPEC is a file, or - for standard input. ARGs replace the command of the spec's main or only\n"
     "process; a script gets them as \"$@\". The status is the command's; 125 where pidns itself could\n"
     "not go on, 126 and 127 where the command could not be executed or found, 124 after a timeout.\n"
     "With --detach it returns when all that waits for nothing runs and is ready; output goes to a log.\n"
     "Several processes on a terminal have --output prefix unless another is asked for. The lines of\n"
     "--events (version 1) are objects with `event`: run, created, executed, ready, stopped, failed,\n"
     "ended, lost or end; a number for FILE is a descriptor that the caller has open.\n",
     run_options, SHORTEST "pidns run -", 1, 1, true, status_run, status_run, verb_run},
    {"validate", "check specs and say what is wrong with them, all at once", "[OPTION...] SPEC...",
     "Prints nothing about a spec without findings. The status is 0 where all are valid, 1 where one\n"
     "has errors, 2 where one cannot be read. With --format json a list of objects goes to standard\n"
     "output: file, line, column, end_line, end_column, code, severity, message, why, hint, labels.\n",
     validate_options, SHORTEST "pidns validate -", 1, any_number, false, status_usage, status_defect, verb_validate},
    {"plan", "show each step that run would take, and the key that asked for it", "[OPTION...] SPEC [-- ARG...]",
     "Makes no process and no namespace. The status is 0, 1 where the spec has errors, 2 where it\n"
     "cannot be read or the plan not be written. Besides text there are json for programs; dot, svg\n"
     "(drawn by Graphviz) and mermaid for pictures; sh, a script of unshare(1), mount(8) and the like,\n"
     "whose head says whether it does all that run does. --no-fuse shows the steps as unshare(1) would\n"
     "take them, one call for each, and `run --no-fuse` takes them so. With --diff: what is added,\n"
     "removed and changed by address, and 0 whether there is anything or not.\n",
     plan_options, SHORTEST "pidns plan -", 1, 1, true, status_usage, status_defect, verb_plan},
    {"ps", "list live instances", "[OPTION...]",
     "One row each: its name, the pid of its pidns, how many processes its spec has, since when it is\n"
     "up, and its spec. With --format json a list of objects: name, spec, pid, pid_namespace (an inode),\n"
     "processes, started (seconds since 1970), detached, log. The pid of one in a pid namespace that is\n"
     "not seen from here is `?`, or null.\n",
     ps_options, "pidns ps", 0, 0, false, status_usage, status_run, verb_ps},
    {"logs", "show what a detached instance has written", "[OPTION...] NAME",
     "The log goes with the instance: `stdout` and `stderr` of a spec name files that stay.\n", logs_options,
     "pidns logs --follow lab", 1, 1, false, status_usage, status_run, verb_logs},
    {"wait", "wait for the end of an instance, and end with its status", "NAME",
     "The status is that of its `pidns run`: 128 and the number where a signal ended it; 125 where there\n"
     "is no such instance.\n",
     help_options, "pidns wait lab", 1, 1, false, status_run, status_run, verb_wait},
    {"stop", "end instances in order, and wait until they are gone", "[OPTION...] NAME...",
     "Each process gets its stop-signal when all that depend on it have ended, and SIGKILL after its\n"
     "stop-timeout. Who is waited for is said after a second, and when that changes. With --now: SIGKILL\n"
     "to all at once. A ^C ends the waiting, not the stop. The status is 0 where all are gone, else 125.\n",
     stop_options, "pidns stop lab", 1, any_number, false, status_usage, status_run, verb_stop},
    {"tree", "show pid namespaces, nested, and each process's pid at every level", "[OPTION...] [NAME]",
     "Of a live instance: a row a process, a column a pid namespace; (waiting) has not been started\n"
     "yet, for others come first. Without a NAME: of all pid namespaces of the machine, also those that\n"
     "pidns did not make, a row for each with its first process (PID 1).\n",
     tree_options, "pidns tree", 0, 1, false, status_usage, status_run, verb_tree},
    {"pid", "say the pid of a process at every level, or in one", "[OPTION...] PID | NAME [ADDRESS]",
     "Of any process of the machine: its pid in each pid namespace that it is in, and which instance\n"
     "and address it is. Of an ADDRESS in a live instance: the number alone, as seen from here, or\n"
     "with --in from a node of it.\n",
     pid_options, "pidns pid $$", 1, 2, false, status_usage, status_run, verb_pid},
    {"exec", "run a command in a node of a live instance", "[OPTION...] NAME [ADDRESS] [-- COMMAND...]",
     "In all namespaces of the node, with its root, cwd and environment; without a COMMAND, your shell.\n"
     "Without an ADDRESS: the node of `main`, or of the only process. In a user namespace the command is\n"
     "its user 0, where it has one. Standard input and output on a terminal: the command gets one of its\n"
     "own. The status is the command's; 125 where it could not be entered, 126 and 127 where the command\n"
     "could not be executed or found.\n",
     enter_options, "pidns exec lab ns1 -- ps -e", 1, 2, true, status_run, status_run, verb_exec},
    {"kill", "send a signal to processes of a live instance", "[OPTION...] NAME [ADDRESS...]",
     "Without an ADDRESS: to `main`, or to the only process. The bare signal, as kill(1) sends it: a\n"
     "PID 1 that does not handle it gets none but SIGKILL and SIGSTOP, and you are told. To end an\n"
     "instance in order there is `stop`. The status is 0 where all have been sent, else 125.\n",
     kill_options, "pidns kill lab ns1/web -s HUP", 1, any_number, false, status_usage, status_run, verb_kill},
    {"enter", "run a command in the namespaces of any process", "[OPTION...] PID [-- COMMAND...]",
     "With the root and the working directory of the process; without a COMMAND, your shell. Kinds are\n"
     "pid, mount, uts, ipc, net, user, cgroup and time. In a user namespace the command is its user 0,\n"
     "where it has one. The status is the command's; 125 where it could not be entered, 126 and 127 where\n"
     "the command could not be executed or found.\n",
     enter_options, "pidns enter $$ -- ps", 1, 1, true, status_run, status_run, verb_enter},
    {"explain", "say what is behind the code of a finding", "[OPTION...] [CODE...]",
     "What the kernel does and why, a spec that gives the code and one that does not, and where to\n"
     "read more. Without a code, lists them. With --format json, a list of objects.\n",
     explain_options, "pidns explain P012", 0, any_number, false, status_usage, status_defect, verb_explain},
    {"new", "print a commented spec to begin with", "[OPTION...]",
     "Valid, and ready to run: for root, or with --rootless for anybody.\n", new_options,
     "pidns new --rootless | pidns run -", 0, 0, false, status_usage, status_defect, verb_new},
    {"schema", "print the JSON Schema of the spec language, for editors", "",
     "Draft-07; schemas/pidns.schema.json is its output. Put into a spec's first line\n"
     "`# yaml-language-server: $schema=FILE`, and editors complete, check and explain its keys.\n",
     help_options, "pidns schema >pidns.schema.json", 0, 0, false, status_usage, status_defect, verb_schema},
    {"completion", "print a script by which a shell completes pidns's words", "SHELL",
     "Verbs, options and what they take, the names of live instances and their addresses. For\n"
     "bash, zsh and fish: into a file that your shell reads at its start, or by\n"
     "`source <(pidns completion bash)`.\n",
     help_options, "pidns completion bash | bash -n", 1, 2, false, status_usage, status_defect, verb_completion},
    {"help", "explain a verb", "[VERB]", "Without a verb, lists them.\n", help_options, "pidns help plan", 0, 1, false,
     status_usage, status_defect, verb_help},
}};

#undef SHORTEST

}  // namespace

std::span<const Command> commands() noexcept { return table; }

const Command* find_command(std::string_view name) noexcept {
  for (const Command& command : table)
    if (command.name == name) return &command;
  return nullptr;
}

}  // namespace pidns::cli
