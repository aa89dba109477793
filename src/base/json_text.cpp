#include "base/json_text.h"

#include "base/quote.h"

namespace pidns {

void JsonText::begin(std::string_view key) {
  if (levels_.empty()) return;
  const bool indented = layout_ == JsonLayout::indented;
  if (levels_.back().filled) out_ += ',';
  if (indented) out_ += '\n';
  levels_.back().filled = true;
  if (indented) out_.append(2 * levels_.size(), ' ');
  if (key.empty()) return;
  append_json_quoted(out_, key);
  out_ += indented ? ": " : ":";
}

void JsonText::open(std::string_view key, char opening, char closing) {
  begin(key);
  out_ += opening;
  levels_.push_back({closing, false});
}

void JsonText::close() {
  const Level level = levels_.back();
  levels_.pop_back();
  if (level.filled && layout_ == JsonLayout::indented) out_ += '\n' + std::string(2 * levels_.size(), ' ');
  out_ += level.closing;
}

void JsonText::text(std::string_view key, std::string_view value) {
  begin(key);
  append_json_quoted(out_, value);
}

void JsonText::word(std::string_view key, std::string_view value) {
  begin(key);
  out_ += value;
}

void JsonText::number(std::string_view key, std::uint64_t value) {
  begin(key);
  out_ += std::to_string(value);
}

}  // namespace pidns
