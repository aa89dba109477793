#include <array>

#include "cli/command.h"
#include "cli/verbs.h"

namespace pidns::cli {
namespace {

constexpr std::size_t any_number = ~std::size_t{0};
constexpr int status_usage = 2;
constexpr int status_run = 125;    // run's own statuses must not look like a command's
constexpr int status_defect = 70;  // EX_SOFTWARE of sysexits.h

constexpr std::array validate_options{&option::findings_format, &option::strict,     &option::color, &option::verbose,
                                      &option::log_level,       &option::log_format, &option::help};
constexpr std::array run_options{&option::die_with_parent, &option::no_fuse, &option::timings, &option::trace,
                                 &option::strict,          &option::color,   &option::verbose, &option::log_level,
                                 &option::log_format,      &option::help};
constexpr std::array plan_options{&option::format,    &option::diff,       &option::no_fuse,
                                  &option::strict,    &option::color,      &option::verbose,
                                  &option::log_level, &option::log_format, &option::help};
constexpr std::array explain_options{&option::pages_format, &option::color,      &option::verbose,
                                     &option::log_level,    &option::log_format, &option::help};
constexpr std::array new_options{&option::rootless, &option::verbose, &option::log_level, &option::log_format,
                                 &option::help};
constexpr std::array help_options{&option::verbose, &option::log_level, &option::log_format, &option::help};

#define SHORTEST "printf 'pidns: 1\\nunshare: [user, pid, mount]\\nmount-proc: true\\nscript: ps -e\\n' | "

constexpr std::array<Command, 7> table{{
    {"run", "build a spec's namespaces, run its commands, end with their status", "[OPTION...] SPEC [-- ARG...]",
     "SPEC is a file, or - for standard input. ARGs replace the command of the spec's main or only\n"
     "process; a script gets them as \"$@\". The status is the command's; 125 where pidns itself could\n"
     "not go on, 126 and 127 where the command could not be executed or found, 124 after a timeout.\n",
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
