#include "load/values.h"

#include <algorithm>
#include <array>

#include "base/duration.h"
#include "base/nearest.h"
#include "base/quote.h"
#include "base/signal_name.h"

namespace pidns {
namespace {

bool plain(const Item& item) noexcept {
  return item.node->kind == yaml::Kind::scalar &&
         (item.node->style == yaml::Style::plain || item.node->style == yaml::Style::null);
}

std::string_view yaml_word(PlainType type) noexcept {
  switch (type) {
    case PlainType::null:
      return "null";
    case PlainType::boolean:
      return "a bool";
    case PlainType::number:
      return "a number";
    case PlainType::text:
      break;
  }
  return "text";
}

/// A plain word where text is meant.
void refuse_plain(Reader& reader, const Item& item, PlainType type) {
  const std::string_view text = text_of(item);
  const std::string subject = item.element ? "an element of " + ticked(item.name) : ticked(item.name);
  if (text.empty()) {
    reader.refuse(Code::no_value, item, subject + (item.element ? " is empty" : " has no value")).fix =
        "leave it out, or give it one";
    return;
  }
  auto& found = reader.refuse(Code::yaml_word, item,
                              ticked(text) + " is " + std::string(yaml_word(type)) + " to YAML; " +
                                  (item.element ? "an element of " : "") + ticked(item.name) +
                                  (item.element ? " is" : " takes") + " a string");
  found.fix = spelled(item, yaml_quote(text));
}

std::optional<std::int64_t> decimal(std::string_view text) noexcept {
  const bool negative = text.starts_with('-');
  const std::string_view digits = text.substr(negative ? 1 : 0);
  if (digits.empty() || (digits.size() > 1 && digits[0] == '0')) return std::nullopt;
  std::int64_t value = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    // Beyond any range that the language has; the digits still have to be looked at.
    constexpr std::int64_t enough = 1'000'000'000'000'000'000;
    value = value >= enough / 10 ? enough : value * 10 + (c - '0');
  }
  return negative ? -value : value;
}

std::optional<Duration> duration(Reader& reader, const Item& item, bool negative, bool zero) {
  if (!is_scalar(reader, item, "a duration (`250ms`, `1.5s`, `1h30m`)")) return std::nullopt;
  const std::string_view text = text_of(item);
  const bool leading_zero = text.size() > 1 && text[0] == '0' && text[1] >= '0' && text[1] <= '9';
  const auto value = leading_zero ? std::nullopt : parse_duration(text);
  if (!value) {
    reader
        .refuse(text.empty() ? Code::no_value : Code::not_a_duration, item,
                text.empty() ? ticked(item.name) + " has no value" : ticked(text) + " is not a duration")
        .fix = "durations are written 250ms, 1.5s, 2m, 1h30m, 10d; a bare number is seconds";
    return std::nullopt;
  }
  if (value->count() < 0 && !negative) {
    reader.refuse(Code::out_of_range, item, ticked(item.name) + " cannot be negative");
    return std::nullopt;
  }
  if (value->count() == 0 && !zero) {
    reader.refuse(Code::out_of_range, item, ticked(item.name) + " must be longer than nothing");
    return std::nullopt;
  }
  return value;
}

}  // namespace

bool is_scalar(Reader& reader, const Item& item, std::string_view wanted) {
  if (item.node->kind == yaml::Kind::scalar) return true;
  reader.wrong_type(item, wanted);
  return false;
}

std::optional<std::string> read_string(Reader& reader, const Item& item) {
  if (!is_scalar(reader, item, "a string")) return std::nullopt;
  const PlainType type = plain(item) ? plain_type(text_of(item)) : PlainType::text;
  if (type == PlainType::text) return std::string(text_of(item));
  refuse_plain(reader, item, type);
  return std::nullopt;
}

std::optional<std::string> read_nonempty(Reader& reader, const Item& item) {
  auto text = read_string(reader, item);
  if (!text || !text->empty()) return text;
  reader.refuse(Code::empty, item, (item.element ? "an element of " : "") + ticked(item.name) + " is empty");
  return std::nullopt;
}

std::optional<std::string> read_argument(Reader& reader, const Item& item) {
  return is_number(item) ? std::string(text_of(item)) : read_string(reader, item);
}

std::optional<bool> read_bool(Reader& reader, const Item& item) {
  if (!is_scalar(reader, item, "true or false")) return std::nullopt;
  const std::string_view text = text_of(item);
  if (plain(item) && text == "true") return true;
  if (plain(item) && text == "false") return false;
  const bool quoted_bool = !plain(item) && (text == "true" || text == "false");
  auto& found = reader.refuse(text.empty() ? Code::no_value : Code::not_a_bool, item,
                              text.empty()  ? ticked(item.name) + " has no value"
                              : quoted_bool ? "a quoted " + ticked(text) + " is a string, not a bool"
                                            : ticked(item.name) + " takes true or false, not " + ticked(text));
  constexpr std::array<std::string_view, 4> yes{"yes", "Yes", "on", "True"};
  const bool meant = text == "true" || std::find(yes.begin(), yes.end(), text) != yes.end();
  found.fix = spelled(item, meant ? "true" : "false");
  if (!quoted_bool && plain_type(text) != PlainType::boolean) found.fix.clear();
  return std::nullopt;
}

bool is_number(const Item& item) noexcept { return plain(item) && plain_type(text_of(item)) == PlainType::number; }

std::optional<std::int64_t> read_number(Reader& reader, const Item& item, std::int64_t least, std::int64_t most) {
  if (!is_scalar(reader, item, "a number")) return std::nullopt;
  const std::string_view text = text_of(item);
  const auto value = decimal(text);
  if (!is_number(item)) {
    const bool quoted = value.has_value();
    auto& found = reader.refuse(text.empty() ? Code::no_value : Code::not_a_number, item,
                                text.empty() ? ticked(item.name) + " has no value"
                                : quoted     ? "a quoted " + ticked(text) + " is a string, not a number"
                                             : ticked(text) + " is not a number");
    if (quoted) found.fix = spelled(item, text);
    return std::nullopt;
  }
  if (!value) {
    reader.refuse(Code::not_a_number, item, ticked(text) + " is not written as a number is here").fix =
        "numbers are decimal, without leading zero, `+`, `_`, `0x`, fraction or exponent";
    return std::nullopt;
  }
  if (*value >= least && *value <= most) return value;
  reader.refuse(Code::out_of_range, item,
                ticked(item.name) + " is from " + std::to_string(least) + " to " + std::to_string(most) + ", not " +
                    std::string(text.substr(0, 40)));
  return std::nullopt;
}

std::optional<Duration> read_duration(Reader& reader, const Item& item) { return duration(reader, item, false, true); }
std::optional<Duration> read_positive_duration(Reader& reader, const Item& item) {
  return duration(reader, item, false, false);
}
std::optional<Duration> read_signed_duration(Reader& reader, const Item& item) {
  return duration(reader, item, true, true);
}

std::optional<int> read_signal(Reader& reader, const Item& item) {
  if (!is_scalar(reader, item, "a signal")) return std::nullopt;
  const std::string_view text = text_of(item);
  if (const auto number = parse_signal(text)) return number;
  auto& found = reader.refuse(text.empty() ? Code::no_value : Code::not_a_signal, item,
                              text.empty() ? ticked(item.name) + " has no value" : ticked(text) + " is not a signal");
  if (const auto nearest = nearest_signal(text)) found.fix = spelled(item, *nearest);
  return std::nullopt;
}

std::optional<std::string> read_absolute_path(Reader& reader, const Item& item) {
  auto path = read_nonempty(reader, item);
  if (!path || path->front() == '/') return path;
  auto& found = reader.refuse(Code::relative_path, item,
                              ticked(item.name) + (item.element ? " takes absolute paths" : " takes an absolute path"));
  found.fix = spelled(item, '/' + *path);
  return std::nullopt;
}

std::optional<unsigned> read_octal(Reader& reader, const Item& item) {
  const auto text = read_string(reader, item);
  if (!text) return std::nullopt;
  unsigned value = 0;
  bool octal = text->size() >= 1 && text->size() <= 5;
  for (const char c : *text) {
    octal = octal && c >= '0' && c <= '7';
    value = value * 8 + static_cast<unsigned>(c - '0');
  }
  const unsigned most = item.name == "umask" ? 0777 : 07777;
  if (octal && value <= most) return value;
  reader.refuse(Code::not_octal, item, ticked(item.name) + " takes octal digits in quotes").fix =
      spelled(item, item.name == "umask" ? "\"0027\"" : "\"0755\"");
  return std::nullopt;
}

std::optional<std::vector<std::string>> read_strings(Reader& reader, const Item& item) {
  if (item.node->kind != yaml::Kind::list) {
    reader.wrong_type(item, "a list of strings");
    return std::nullopt;
  }
  std::vector<std::string> strings;
  strings.reserve(item.node->count());
  bool good = true;
  for (const Item element : reader.each(item)) {
    auto text = read_nonempty(reader, element);
    good = good && text.has_value();
    if (text) strings.push_back(std::move(*text));
  }
  return good ? std::optional(std::move(strings)) : std::nullopt;
}

bool is_name(std::string_view text) noexcept {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); };
  if (text.empty() || text.size() > longest_name || !letter(text[0])) return false;
  for (const char c : text)
    if (!letter(c) && c != '_' && c != '.' && c != '-') return false;
  return true;
}

std::optional<std::string> read_name(Reader& reader, const Item& item) {
  auto text = read_string(reader, item);
  if (!text || is_name(*text)) return text;
  reader.refuse(Code::bad_name, item, ticked(*text) + " is not a name").why =
      "a name has 1 to 63 letters, digits, `_`, `.` and `-`, and begins with a letter or digit";
  return std::nullopt;
}

std::optional<std::size_t> read_word(Reader& reader, const Item& item, std::span<const std::string_view> words) {
  if (!is_scalar(reader, item, "one word")) return std::nullopt;
  const std::string_view text = text_of(item);
  Nearest nearest(text);
  std::string all;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == text) return i;
    nearest.offer(words[i]);
    all += (i == 0 ? "`" : i + 1 == words.size() ? " or `" : ", `") + std::string(words[i]) + '`';
  }
  auto& found =
      reader.refuse(text.empty() ? Code::no_value : Code::not_a_word, item,
                    ticked(item.name) + " takes " + all + (text.empty() ? std::string() : ", not " + ticked(text)));
  if (!nearest.word().empty()) found.fix = spelled(item, nearest.word());
  return std::nullopt;
}

}  // namespace pidns
