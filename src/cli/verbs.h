#pragma once

/// What each verb does; one file each. They return the exit status.

#include "cli/command.h"
#include "cli/pipeline.h"

namespace pidns::cli {

int verb_run(const Command& command, const ParsedArguments& parsed);
int verb_ps(const Command& command, const ParsedArguments& parsed);
int verb_logs(const Command& command, const ParsedArguments& parsed);
int verb_wait(const Command& command, const ParsedArguments& parsed);
int verb_stop(const Command& command, const ParsedArguments& parsed);
int verb_validate(const Command& command, const ParsedArguments& parsed);
int verb_plan(const Command& command, const ParsedArguments& parsed);
int verb_explain(const Command& command, const ParsedArguments& parsed);
int verb_new(const Command& command, const ParsedArguments& parsed);
int verb_tree(const Command& command, const ParsedArguments& parsed);
int verb_exec(const Command& command, const ParsedArguments& parsed);
int verb_pid(const Command& command, const ParsedArguments& parsed);
int verb_kill(const Command& command, const ParsedArguments& parsed);
int verb_completion(const Command& command, const ParsedArguments& parsed);
int verb_enter(const Command& command, const ParsedArguments& parsed);
int verb_schema(const Command& command, const ParsedArguments& parsed);
int verb_help(const Command& command, const ParsedArguments& parsed);

/// The options that verbs share; each verb's table in commands.cpp says which it takes.
namespace option {
inline constexpr Option help{"help", 'h', "", "show this"};
inline constexpr Option format{"format", 0, "text|json|dot|mermaid|sh|svg", "what to print (default: text)"};
inline constexpr Option diff{"diff", 0, "OLD", "what SPEC does otherwise than the spec OLD"};
inline constexpr Option no_fuse{"no-fuse", 0, "", "unshare, fork and exec apart, as unshare(1) does it"};
inline constexpr Option detach{"detach", 'd', "", "return when all has started, and print the instance's name"};
inline constexpr Option timings{"timings", 0, "", "after the run, show on standard error where its time went"};
inline constexpr Option trace{"trace", 0, "FILE", "write that as Chrome trace events"};
inline constexpr Option die_with_parent{"die-with-parent", 0, "", "SIGKILL pidns, and so all, with its parent"};
inline constexpr Option events{"events", 0, "FILE", "write what happens as JSON; a number: a descriptor"};
inline constexpr Option output{"output", 0, "raw|prefix", "untouched, or lines with the process's address"};
inline constexpr Option log_dir{"log-dir", 0, "DIR", "what each process writes into a file there"};
inline constexpr Option findings_format{"format", 0, "text|json|sarif", "how findings are written (default: text)"};
inline constexpr Option pages_format{"format", 0, "text|json", "how pages are written (default: text)"};
inline constexpr Option tree_format{"format", 0, "text|json|dot", "what to print (default: text)"};
inline constexpr Option all_processes{"all", 'a', "", "every process, not only each first one"};
inline constexpr Option kind{"kind", 0, "KIND,...", "only these kinds of namespaces (default: all)"};
inline constexpr Option user{"user", 0, "USER", "the command's user: a number, or a name inside"};
inline constexpr Option group{"group", 0, "GROUP", "the command's group, likewise"};
inline constexpr Option in{"in", 0, "ADDRESS", "the pid as this node sees it"};
inline constexpr Option pid_format{"format", 0, "text|json", "what to print (default: text)"};
inline constexpr Option signal{"signal", 's', "SIGNAL", "what to send (default: SIGTERM)"};
inline constexpr Option all_commands{"all", 'a', "", "to every command of the instance"};
inline constexpr Option list_format{"format", 0, "text|json", "how the list is written (default: text)"};
inline constexpr Option quiet{"quiet", 'q', "", "the names alone, one a line"};
inline constexpr Option follow{"follow", 'f', "", "go on with what is written, until the instance ends"};
inline constexpr Option now{"now", 0, "", "do not ask: SIGKILL to all of it"};
inline constexpr Option strict{"strict", 0, "", "treat warnings as errors"};
inline constexpr Option offline{"offline", 0, "", "pass over what depends on the caller and the machine"};
inline constexpr Option color{"color", 0, "auto|always|never", "colour text (default: auto)"};
inline constexpr Option rootless{"rootless", 0, "", "for a caller without privilege: with a user namespace"};
inline constexpr Option verbose{"verbose", 'v', "", "say what pidns does; twice says more"};
inline constexpr Option log_level{"log-level", 0, "trace|debug|info|warning|error|off", "the same, by name"};
inline constexpr Option log_format{"log-format", 0, "text|json", "how -v and --log-level write (default: text)"};
}  // namespace option

/// The request that a verb's options make for one spec.
CheckRequest check_request(const ParsedArguments& parsed, const std::string& path);
PlanForm plan_form(const ParsedArguments& parsed);

}  // namespace pidns::cli
