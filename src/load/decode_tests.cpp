/// `tests`: what `run` ignores, and is read as strictly as the rest.

#include <algorithm>

#include "base/regular_expression.h"
#include "load/decode.h"

namespace pidns {
namespace {

const Item* find_entry(const std::vector<Item>& entries, std::string_view key) {
  const auto found = std::find_if(entries.begin(), entries.end(), [&](const Item& one) { return one.name == key; });
  return found == entries.end() ? nullptr : &*found;
}

/// `command`, `script` or `of`.
std::string listed(std::span<const std::string_view> keys) {
  std::string text;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (i != 0) text += i + 1 == keys.size() ? " or " : ", ";
    text += ticked(keys[i]);
  }
  return text;
}

void check_group(Reader& reader, const Item& map, const std::vector<Item>& entries, const Group& group, bool known) {
  const Item* first = nullptr;
  for (const Item& entry : entries) {
    if (std::find(group.keys.begin(), group.keys.end(), entry.name) == group.keys.end()) continue;
    if (first == nullptr) {
      first = &entry;
    } else if (group.at_most_one) {
      auto& found = reader.findings().error(Code::keys_exclude, entry.place,
                                            ticked(entry.name) + " beside " + ticked(first->name));
      found.labels.push_back({first->place.key, "one of the two"});
    }
  }
  if (first == nullptr && group.at_least_one && known)
    reader.refuse(Code::missing_key, map, std::string(describe(group.level)) + " needs " + listed(group.keys));
}

/// What the tables say of the keys of one map: which must, can and cannot stand beside which.
void check_keys(Reader& reader, const Item& map, const std::vector<Item>& entries, Level level) {
  // A key that nobody knows has its finding, and was most likely meant to be the one that is missing.
  const bool known = std::all_of(entries.begin(), entries.end(),
                                 [&](const Item& entry) { return find_field(entry.name, level) != nullptr; });
  for (const Presence& row : presences_of_keys())
    if (row.level == level && known && find_entry(entries, row.needed) == nullptr)
      reader.refuse(Code::missing_key, map, std::string(describe(level)) + " needs " + ticked(row.needed));
  for (const Exclusion& row : exclusions_of_keys()) {
    const Item* key = row.level == level ? find_entry(entries, row.key) : nullptr;
    const Item* other = key != nullptr ? find_entry(entries, row.other) : nullptr;
    if (other == nullptr) continue;
    auto& found =
        reader.findings().error(Code::keys_exclude, key->place, ticked(row.key) + " beside " + ticked(row.other));
    found.labels.push_back({other->place.key, "nothing is run for this"});
  }
  for (const Group& group : groups_of_keys())
    if (group.level == level) check_group(reader, map, entries, group, known);
}

/// All keys of a map into what `target` points at.
bool read_keys(Reader& reader, const Item& item, Level level, Target& target) {
  if (item.node->kind != yaml::Kind::map) {
    reader.wrong_type(item, "a map");
    return false;
  }
  const std::size_t before = reader.findings().errors();
  const Level levels[] = {level};
  decode_entries(reader, item, levels, target);
  check_keys(reader, item, reader.children(item), level);
  return reader.findings().errors() == before;
}

}  // namespace

Read<List<Test>> read_tests(Reader& reader, const Item& item) {
  if (item.node->kind != yaml::Kind::list) {
    reader.wrong_type(item, "a list of tests").fix = "tests:\n  - {name: it answers, script: \"true\"}";
    return std::nullopt;
  }
  List<Test> tests;
  for (const Item element : reader.each(item)) {
    Test test;
    Target target;
    target.test = &test;
    read_keys(reader, element, Level::test, target);
    tests.push_back({std::move(test), element.place});
  }
  return tests;
}

Read<Expectation> read_expectation(Reader& reader, const Item& item) {
  Expectation expectation;
  Target target;
  target.expectation = &expectation;
  return read_keys(reader, item, Level::expectation, target) ? std::optional(std::move(expectation)) : std::nullopt;
}

Read<int> read_exit_status(Reader& reader, const Item& item) {
  const auto number = read_number(reader, item, range::exit_status);
  return number ? std::optional(static_cast<int>(*number)) : std::nullopt;
}

Read<TextExpectation> read_expected_text(Reader& reader, const Item& item) {
  TextExpectation expected;
  if (item.node->kind == yaml::Kind::scalar) {
    expected.equals = read_string(reader, item);
    return expected.equals ? std::optional(std::move(expected)) : std::nullopt;
  }
  if (item.node->kind == yaml::Kind::list) {
    reader.wrong_type(item, "a string, or a map").fix = spelled(item, "{lines: [first, second]}");
    return std::nullopt;
  }
  Target target;
  target.output = &expected;
  return read_keys(reader, item, Level::output, target) ? std::optional(std::move(expected)) : std::nullopt;
}

Read<std::string> read_regex(Reader& reader, const Item& item) {
  auto text = read_nonempty(reader, item);
  if (!text) return std::nullopt;
  const std::string mistake = regex_mistake(*text);
  if (mistake.empty()) return text;
  auto& found = reader.refuse(Code::not_a_regex, item, ticked(*text) + " is not a regular expression");
  found.why = mistake;
  return std::nullopt;
}

Read<std::vector<std::string>> read_lines(Reader& reader, const Item& item) {
  if (item.node->kind != yaml::Kind::list) {
    reader.wrong_type(item, "a list of strings");
    return std::nullopt;
  }
  std::vector<std::string> lines;
  bool good = true;
  for (const Item element : reader.each(item)) {
    auto line = read_string(reader, element);
    good = good && line.has_value();
    if (line) lines.push_back(std::move(*line));
  }
  return good ? std::optional(std::move(lines)) : std::nullopt;
}

}  // namespace pidns
