#include "cli/dispatch.h"

#include <unistd.h>

#include <array>

#include "base/nearest.h"

namespace pidns::cli {
namespace {

/// What other tools call what we have, so that their users find it.
struct ForeignWord {
  std::string_view word;
  std::string_view ours;
};
constexpr std::array foreign_words{
    ForeignWord{"up", "run"},          ForeignWord{"start", "run"},      ForeignWord{"create", "run"},
    ForeignWord{"lint", "validate"},   ForeignWord{"check", "validate"}, ForeignWord{"config", "validate"},
    ForeignWord{"verify", "validate"}, ForeignWord{"show", "plan"},      ForeignWord{"graph", "plan"},
    ForeignWord{"dry-run", "plan"},    ForeignWord{"init", "new"},       ForeignWord{"template", "new"},
    ForeignWord{"down", "stop"},       ForeignWord{"attach", "exec"},    ForeignWord{"shell", "exec"},
    ForeignWord{"ls", "ps"},           ForeignWord{"list", "ps"},        ForeignWord{"log", "logs"},
    ForeignWord{"nsenter", "enter"},   ForeignWord{"lsns", "tree"},      ForeignWord{"signal", "kill"},
};

std::string_view foreign(std::string_view word) noexcept {
  for (const ForeignWord& row : foreign_words)
    if (row.word == word) return row.ours;
  return {};
}

bool looks_like_spec(const std::string& word) {
  return word.ends_with(".yaml") || word.ends_with(".yml") || ::access(word.c_str(), R_OK) == 0;
}

}  // namespace

const Command* resolve_verb(std::string_view word) noexcept {
  const Command* command = find_command(word);
  return command != nullptr ? command : find_command(foreign(word));
}

std::string unknown_verb(std::string_view word) {
  const std::string written(word);
  if (const std::string_view ours = foreign(word); !ours.empty())
    return "`" + written + "` is called `" + std::string(ours) + "` here: " + usage_line(*find_command(ours));
  if (word == "test")
    return "this pidns has no `test` yet; `validate` reads the `tests` of a spec, and `run` ignores them";
  if (looks_like_spec(written)) return "a verb comes before the spec: pidns run " + written;
  Nearest near(word);
  for (const Command& command : commands()) near.offer(command.name);
  std::string message = "there is no verb `" + written + "`";
  if (!near.word().empty()) message += "; did you mean `" + std::string(near.word()) + "`?";
  return message;
}

}  // namespace pidns::cli
