#include "cli/cli.h"

#include <unistd.h>

#include <exception>
#include <span>
#include <string>

#include "cli/dispatch.h"
#include "cli/log.h"
#include "cli/output.h"
#include "cli/verbs.h"
#include "run/run.h"

namespace pidns::cli {
namespace {

constexpr int status_usage = 2;

/// `-v` is info, `-vv` debug, more is trace; a level by name outranks them.
void start_log_where_asked(const ParsedArguments& parsed) {
  const std::size_t times = parsed.count(option::verbose);
  if (times == 0 && !parsed.has(option::log_level)) return;
  LogLevel level = times >= 3 ? LogLevel::trace : times == 2 ? LogLevel::debug : LogLevel::info;
  if (parsed.has(option::log_level)) level = log_level(parsed.value(option::log_level, "off"));
  start_log(level, parsed.value(option::log_format, "text") == "json");
}

/// What the usage calls the verb's operand number `number`, from 0: its words in capitals.
std::string_view operand_word(const Command& command, std::size_t number) {
  std::string_view usage = command.usage.substr(0, command.usage.find("[--"));
  for (;;) {
    const std::size_t begin = usage.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    if (begin == std::string_view::npos) return "operand";
    usage.remove_prefix(begin);
    const std::string_view word = usage.substr(0, usage.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ"));
    usage.remove_prefix(word.size());
    if (word != "OPTION" && number-- == 0) return word;
  }
}

std::string wrong_operands(const Command& command, const ParsedArguments& parsed) {
  if (parsed.operands.size() < command.fewest) {
    const std::string_view word = operand_word(command, parsed.operands.size());
    return "a " + std::string(word) + " is missing" + (word == "SPEC" ? ": a file, or - for standard input" : "");
  }
  if (parsed.operands.size() > command.most && command.most == 0)
    return "it takes no operand, and `" + parsed.operands.front() + "` is one";
  if (parsed.operands.size() > command.most)
    return "one " + std::string(operand_word(command, command.most - 1)) + " is enough, and `" + parsed.operands[command.most] + "` is one more" +
           (command.takes_arguments ? "; arguments for its command come after --" : "");
  if (parsed.has_arguments && !command.takes_arguments) return "nothing comes after -- here";
  return {};
}

int run_verb(const Command& command, std::span<char* const> words) {
  const auto parsed = parse_options(command.options, words);
  if (!parsed) return refuse_usage(command, parsed.error());
  if (parsed->has(option::help)) return write_output(help_text(command)) ? 0 : command.usage_status;
  if (const std::string wrong = wrong_operands(command, *parsed); !wrong.empty()) return refuse_usage(command, wrong);
  start_log_where_asked(*parsed);
  try {
    return command.run(command, *parsed);
  } catch (const std::exception& defect) {
    complain(std::string("stopped by a defect of its own, please report it: ") + defect.what());
    return command.defect_status;
  }
}

int refuse_verb(std::string_view sentence) {
  complain(sentence);
  write_error("`pidns --help` lists the verbs.\n");
  return status_usage;
}

int version() { return write_output("pidns " PIDNS_VERSION " (spec language 1)\n") ? 0 : status_usage; }

}  // namespace

CheckRequest check_request(const ParsedArguments& parsed, const std::string& path) {
  CheckRequest request;
  request.path = path;
  request.arguments = parsed.arguments;
  request.strict = parsed.has(option::strict);
  request.offline = parsed.has(option::offline);
  request.style = text_style(STDERR_FILENO, color_choice(parsed.value(option::color, "auto")));
  return request;
}

PlanForm plan_form(const ParsedArguments& parsed) {
  return parsed.has(option::no_fuse) ? PlanForm::canonical : PlanForm::fused;
}

int main(int argc, char** argv) {
  note_closed_descriptors();
  guard_standard_descriptors();
  const std::span<char* const> words(argv, static_cast<std::size_t>(argc));
  if (words.size() < 2) {
    write_error(help_text());
    return status_usage;
  }
  const std::string_view verb = words[1];
  if (verb == "--help" || verb == "-h") return write_output(help_text()) ? 0 : status_usage;
  if (verb == "--version" || verb == "-V") return version();
  if (verb.starts_with('-')) return refuse_verb("options come after the verb: pidns run " + std::string(verb));
  if (const Command* command = find_command(verb)) return run_verb(*command, words.subspan(2));
  return refuse_verb(unknown_verb(verb));
}

}  // namespace pidns::cli
