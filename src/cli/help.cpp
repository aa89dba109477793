#include <algorithm>

#include "cli/command.h"
#include "cli/output.h"

namespace pidns::cli {
namespace {

std::string padded(std::string_view text, std::size_t width) {
  return std::string(text) + std::string(width > text.size() ? width - text.size() : 0, ' ');
}

}  // namespace

std::string usage_line(const Command& command) {
  return "pidns " + std::string(command.name) + (command.usage.empty() ? "" : " ") + std::string(command.usage);
}

std::string help_text() {
  std::string text =
      "usage: pidns VERB [OPTION...] [SPEC...] [-- ARG...]\n\n"
      "Runs commands in nested Linux namespaces, as a YAML spec describes them.\n\n";
  std::size_t width = 0;
  for (const Command& command : commands()) width = std::max(width, command.name.size());
  for (const Command& command : commands())
    text += "  " + padded(command.name, width + 2) + std::string(command.summary) + "\n";
  text += "\n  " + padded("-h, --help", width + 8) + "show this, or with a verb, its options\n";
  text += "  " + padded("-V, --version", width + 8) + "show the version\n";
  text += "\nexample:\n  " + std::string(commands().front().example) + "\n";
  return text;
}

std::string help_text(const Command& command) {
  std::string text = "usage: " + usage_line(command) + "\n\n" + std::string(command.description) + "\n";
  std::size_t width = 0;
  for (const Option* option : command.options) width = std::max(width, option_usage(*option).size());
  for (const Option* option : command.options)
    text += "  " + padded(option_usage(*option), width + 2) + std::string(option->summary) + "\n";
  return text + "\nexample:\n  " + std::string(command.example) + "\n";
}

int refuse_usage(const Command& command, std::string_view sentence) {
  const std::string name(command.name);
  complain(name + ": " + std::string(sentence));
  write_error("usage: " + usage_line(command) + "\n`pidns " + name + " --help` says more.\n");
  return command.usage_status;
}

}  // namespace pidns::cli
