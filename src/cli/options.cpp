#include "cli/options.h"

#include <algorithm>
#include <cxxopts.hpp>

#include "base/nearest.h"
#include "base/signal_name.h"

namespace pidns::cli {
namespace {

using Parsed = tl::expected<ParsedArguments, std::string>;

bool looks_like_option(std::string_view word) { return word.size() > 1 && word.front() == '-'; }

std::string unknown_option(OptionTable table, std::string_view word) {
  const std::string_view written = word.substr(0, word.find('='));
  const std::string_view bare = written.substr(std::min(written.find_first_not_of('-'), written.size()));
  Nearest near(bare);
  for (const Option* option : table) near.offer(option->name);
  std::string message = "there is no option `" + std::string(written) + "` here";
  if (!near.word().empty()) message += "; did you mean `--" + std::string(near.word()) + "`?";
  return message;
}

std::string wrong_choice(const Option& option, std::string_view value, std::span<const std::string_view> words) {
  std::string message = "`--" + std::string(option.name) + "` is one of ";
  for (const auto word : words) message += (word == words.front() ? "" : ", ") + std::string(word);
  message += ", and not `" + std::string(value) + "`";
  Nearest near(value);
  for (const auto word : words) near.offer(word);
  if (!near.word().empty()) message += "; did you mean `" + std::string(near.word()) + "`?";
  return message;
}

cxxopts::ParseResult parse_words(OptionTable table, std::span<char* const> words) {
  cxxopts::Options parser("pidns");
  // What nobody knows is answered with the nearest that is known, so it must not throw.
  parser.allow_unrecognised_options();
  for (const Option* option : table) {
    const std::string letter = option->letter != 0 ? std::string{option->letter, ','} : std::string();
    const std::string names = letter + std::string(option->name);
    if (option->value.empty())
      parser.add_options()(names, "");
    else
      parser.add_options()(names, "", cxxopts::value<std::string>());
  }
  std::vector<const char*> arguments{"pidns"};
  arguments.insert(arguments.end(), words.begin(), words.end());
  return parser.parse(static_cast<int>(arguments.size()), arguments.data());
}

Parsed parse_with_options(OptionTable table, std::span<char* const> words, ParsedArguments parsed) {
  const cxxopts::ParseResult result = parse_words(table, words);
  for (const std::string& word : result.unmatched()) {
    if (looks_like_option(word)) return tl::unexpected(unknown_option(table, word));
    parsed.operands.push_back(word);
  }
  for (const Option* option : table) {
    const std::string name(option->name);
    const std::size_t times = result.count(name);
    if (times == 0) continue;
    std::string value = option->value.empty() ? std::string() : result[name].as<std::string>();
    const auto words_allowed = choices(option->value);
    if (!words_allowed.empty() && std::find(words_allowed.begin(), words_allowed.end(), value) == words_allowed.end())
      return tl::unexpected(wrong_choice(*option, value, words_allowed));
    // An empty one is a variable of a shell that was never set.
    if (!option->value.empty() && value.empty())
      return tl::unexpected("`--" + name + "` needs a value, and this one is empty: " + option_usage(*option));
    parsed.give(*option, times, std::move(value));
  }
  return parsed;
}

/// Switches with `=value` are no form of ours; the parser would read `--strict=no` as a bool.
const Option* switch_with_value(OptionTable table, std::span<char* const> words) {
  for (const std::string_view word : words) {
    const std::size_t equals = word.find('=');
    if (!word.starts_with("--") || equals == std::string_view::npos) continue;
    for (const Option* option : table)
      if (option->value.empty() && word.substr(2, equals - 2) == option->name) return option;
  }
  return nullptr;
}

/// The sentence about one as kill(1) reads it too, `-9` or `-HUP`: the parser would take it for letters.
std::string signal_as_option(OptionTable table, std::span<char* const> words) {
  const auto takes_signal =
      std::find_if(table.begin(), table.end(), [](const Option* option) { return option->value == "SIGNAL"; });
  if (takes_signal == table.end()) return {};
  for (const std::string_view word : words)
    if (word.starts_with('-') && parse_signal(word.substr(1)))
      return "a signal is written `-" + std::string{(*takes_signal)->letter, ' '} + std::string(word.substr(1)) +
             "`, and not `" + std::string(word) + "`";
  return {};
}

const Option* option_of(OptionTable table, std::string_view word) {
  for (const Option* option : table)
    if (word.starts_with("--") ? word.substr(2) == option->name : word.back() == option->letter) return option;
  return nullptr;
}

}  // namespace

std::vector<std::string_view> choices(std::string_view value) {
  std::vector<std::string_view> words;
  if (value.find('|') == std::string_view::npos) return words;
  while (!value.empty()) {
    const std::size_t bar = std::min(value.find('|'), value.size());
    words.push_back(value.substr(0, bar));
    value.remove_prefix(std::min(bar + 1, value.size()));
  }
  return words;
}

void ParsedArguments::give(const Option& option, std::size_t times, std::string value) {
  given_.push_back({&option, times, std::move(value)});
}

std::size_t ParsedArguments::count(const Option& option) const {
  for (const Given& given : given_)
    if (given.option == &option) return given.times;
  return 0;
}

std::string_view ParsedArguments::value(const Option& option, std::string_view fallback) const {
  for (const Given& given : given_)
    if (given.option == &option) return given.value;
  return fallback;
}

Parsed parse_options(OptionTable table, std::span<char* const> words) {
  ParsedArguments parsed;
  const auto dashes = std::find_if(words.begin(), words.end(), [](std::string_view word) { return word == "--"; });
  if (dashes != words.end()) {
    parsed.has_arguments = true;
    parsed.arguments.assign(dashes + 1, words.end());
    words = words.first(static_cast<std::size_t>(dashes - words.begin()));
  }
  if (std::none_of(words.begin(), words.end(), looks_like_option)) {
    // The usual `pidns run lab.yaml`: building a parser would cost more than reading the spec.
    parsed.operands.assign(words.begin(), words.end());
    return parsed;
  }
  if (const Option* option = switch_with_value(table, words))
    return tl::unexpected("`--" + std::string(option->name) + "` takes no value");
  if (std::string sentence = signal_as_option(table, words); !sentence.empty())
    return tl::unexpected(std::move(sentence));
  try {
    return parse_with_options(table, words, std::move(parsed));
  } catch (const cxxopts::exceptions::exception&) {
    // With unknown options let through and switches looked at, only a missing value is left.
    const std::string_view last = words.back();
    const Option* option = option_of(table, last);
    if (option == nullptr) return tl::unexpected("`" + std::string(last) + "` is not an option as pidns reads them");
    return tl::unexpected("`" + std::string(last) + "` needs a value: " + option_usage(*option));
  }
}

std::string option_usage(const Option& option) {
  std::string text;
  if (option.letter != 0) text += {'-', option.letter, ',', ' '};
  text += "--" + std::string(option.name);
  if (!option.value.empty()) text += " " + std::string(option.value);
  return text;
}

}  // namespace pidns::cli
