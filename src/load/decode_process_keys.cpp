/// The keys of a process.

#include "base/quote.h"
#include "load/decode.h"

namespace pidns {
namespace {

/// A command as one string: a list where its words are plain to see, a script where a shell is meant.
void refuse_string_command(Reader& reader, const Item& item) {
  const std::string_view text = text_of(item);
  auto& found =
      reader.refuse(text.empty() ? Code::no_value : Code::command_string, item,
                    text.empty() ? "`command` has no value" : "`command` takes a list of strings, not one string");
  found.why = "nothing splits words here but the shell of `script`";
  if (text.empty()) {
    found.fix = "command: [bash]";
    return;
  }
  std::string words;
  std::string_view rest = text.substr(0, 200);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find_first_of(" \n"), rest.size());
    const std::string_view word = rest.substr(0, end);
    const bool plain = sh_quote(word) == word && word.find(',') == std::string_view::npos &&
                       word.find(':') == std::string_view::npos && word[0] != '@' && word[0] != '%' &&
                       (plain_type(word) == PlainType::text || plain_type(word) == PlainType::number);
    if (!word.empty()) words += (words.empty() ? "" : ", ") + (plain ? std::string(word) : yaml_quote(word));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  found.fix = "command: [" + words + "]\nor, for a shell: script: " + std::string(text.substr(0, text.find('\n')));
}

bool good_variable(std::string_view name) noexcept {
  return !name.empty() && name.find('=') == std::string_view::npos && name.find('\0') == std::string_view::npos;
}

std::optional<EnvironmentEntry> read_variable(Reader& reader, const Item& entry) {
  if (!good_variable(entry.name)) {
    reader.findings()
        .error(Code::not_a_variable, entry.place, ticked(entry.name) + " cannot be the name of a variable")
        .why = "in environ(7) the first `=` ends the name";
    return std::nullopt;
  }
  if (!is_scalar(reader, entry, "a string, number, bool or null")) return std::nullopt;
  std::optional<EnvironmentEntry> variable(std::in_place);
  variable->name = entry.name;
  if (entry.node->style != yaml::Style::null) {
    variable->value.emplace(text_of(entry));
    return variable;
  }
  if (text_of(entry).empty()) {
    reader.findings().error(Code::no_value, entry.place, "the variable " + ticked(entry.name) + " has no value").fix =
        std::string(entry.name) + ": \"\"     for an empty value\n" + std::string(entry.name) + ": null   to remove it";
    return std::nullopt;
  }
  return variable;
}

template <class T>
std::optional<T> narrow(std::optional<std::int64_t> number) {
  return number ? std::optional(static_cast<T>(*number)) : std::nullopt;
}

}  // namespace

Read<std::vector<std::string>> read_command(Reader& reader, const Item& item) {
  if (item.node->kind == yaml::Kind::scalar) {
    refuse_string_command(reader, item);
    return std::nullopt;
  }
  if (item.node->kind == yaml::Kind::map) {
    reader.wrong_type(item, "a list of strings").fix = "command: [sleep, infinity]";
    return std::nullopt;
  }
  std::vector<std::string> words;
  bool good = true;
  words.reserve(item.node->count());
  for (const Item element : reader.each(item)) {
    auto word = read_argument(reader, element);
    good = good && word.has_value();
    if (word) words.push_back(std::move(*word));
  }
  if (item.node->count() == 0 || (good && words[0].empty())) {
    reader
        .refuse(Code::empty, item,
                item.node->count() == 0 ? "`command` is an empty list" : "`command` begins with an empty string")
        .fix = "command: [sleep, infinity]";
    return std::nullopt;
  }
  return good ? std::optional(std::move(words)) : std::nullopt;
}

Read<std::string> read_script(Reader& reader, const Item& item) {
  if (item.node->kind != yaml::Kind::list) return read_nonempty(reader, item);
  reader.wrong_type(item, "a string").fix = "script: |\n  first line\n  second line";
  return std::nullopt;
}

Read<List<EnvironmentEntry>> read_env(Reader& reader, const Item& item) {
  if (item.node->kind != yaml::Kind::map) {
    reader.wrong_type(item, "a map of names to values").fix = "env: {NAME: value}";
    return std::nullopt;
  }
  List<EnvironmentEntry> variables;
  variables.reserve(item.node->count());
  for (const Item entry : reader.each(item))
    if (auto variable = read_variable(reader, entry)) variables.push_back({std::move(*variable), entry.place});
  return variables;
}

/// One that could not be read counts as true, so that `keep-env` does not seem to miss it.
Read<bool> read_clear_env(Reader& reader, const Item& item) { return read_bool(reader, item).value_or(true); }

Read<std::vector<std::string>> read_keep_env(Reader& reader, const Item& item) {
  if (item.node->kind != yaml::Kind::list) {
    reader.wrong_type(item, "a list of names");
    return std::nullopt;
  }
  std::vector<std::string> names;
  for (const Item element : reader.each(item)) {
    auto name = read_nonempty(reader, element);
    if (!name) continue;
    const std::size_t star = name->find('*');
    if (!good_variable(*name)) {
      reader.refuse(Code::not_a_variable, element, ticked(*name) + " cannot be the name of a variable");
    } else if (star != std::string::npos && star + 1 != name->size()) {
      reader.refuse(Code::star_inside, element, "`*` matches at the end of a name only").fix =
          name->substr(0, star + 1);
    } else {
      names.push_back(std::move(*name));
    }
  }
  return names;
}

Read<Stream> read_stream(Reader& reader, const Item& item) {
  if (!is_scalar(reader, item, "`inherit`, `null` or a path")) return std::nullopt;
  const std::string_view text = text_of(item);
  if (text == "null") return Stream{true, {}};
  if (text == "inherit") return Stream{};
  if (text.empty() || text == "~") {
    reader
        .refuse(text.empty() ? Code::no_value : Code::not_a_word, item,
                ticked(item.name) + " takes `inherit`, `null` or a path")
        .fix = spelled(item, "null");
    return std::nullopt;
  }
  auto path = read_nonempty(reader, item);
  return path ? std::optional(Stream{false, std::move(*path)}) : std::nullopt;
}

Read<Terminal> read_terminal(Reader& reader, const Item& item) {
  const auto word = read_word(reader, item, vocabulary::terminal);
  if (!word) return std::nullopt;
  return static_cast<Terminal>(*word);
}

Read<List<int>> read_pass_fds(Reader& reader, const Item& item) {
  if (item.node->kind != yaml::Kind::list) {
    reader.wrong_type(item, "a list of numbers from 3").fix = "pass-fds: [3]";
    return std::nullopt;
  }
  List<int> numbers;
  for (const Item element : reader.each(item)) {
    const auto number = narrow<int>(read_number(reader, element, range::passed_descriptor));
    if (!number) continue;
    bool twice = false;
    for (const auto& before : numbers) twice = twice || before.value == *number;
    if (twice)
      reader.refuse(Code::named_twice, element, ticked(text_of(element)) + " is named twice");
    else
      numbers.push_back({*number, element.place});
  }
  return numbers;
}

Read<int> read_nice(Reader& reader, const Item& item) { return narrow<int>(read_number(reader, item, range::nice)); }

Read<int> read_oom_score_adj(Reader& reader, const Item& item) {
  return narrow<int>(read_number(reader, item, range::oom_score_adj));
}

Read<std::uint32_t> read_replicas(Reader& reader, const Item& item) {
  return narrow<std::uint32_t>(read_number(reader, item, range::replicas));
}

}  // namespace pidns
