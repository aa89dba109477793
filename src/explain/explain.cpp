#include "base/display_line.h"
#include "base/json_text.h"
#include "explain/pages.h"

namespace pidns {
namespace {

constexpr std::size_t page_width = 80;

std::string bold(std::string_view text, TextStyle style) {
  return style.color ? "\x1b[1m" + std::string(text) + "\x1b[0m" : std::string(text);
}

/// Without UTF-8 everything beyond ASCII is shown as `?`, as in findings.
std::string shown(std::string_view line, TextStyle style) {
  const DisplayLine drawn(line, style.utf8);
  return drawn.cut(0, drawn.width());
}

std::string wrapped(std::string_view text) {
  std::string out;
  std::size_t used = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    const bool breaks = used + 1 + word.size() > page_width;
    if (used != 0) out += breaks ? '\n' : ' ';
    used = (used == 0 || breaks ? 0 : used + 1) + word.size();
    out += word;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out + '\n';
}

std::string indented(std::string_view spec, TextStyle style) {
  std::string out;
  while (!spec.empty()) {
    const std::size_t end = spec.find('\n');
    out += "    " + shown(spec.substr(0, end), style) + '\n';
    spec.remove_prefix(end + 1);
  }
  return out;
}

std::string_view rule_word(RuleOf rule) noexcept {
  switch (rule) {
    case RuleOf::language:
      return "language";
    case RuleOf::kernel:
      return "kernel";
  }
  return "";
}

std::string_view setting_word(Page::Setting setting) noexcept {
  switch (setting) {
    case Page::Setting::root:
      return "root";
    case Page::Setting::anybody:
      return "anybody";
    case Page::Setting::arguments:
      return "arguments";
    case Page::Setting::machine:
      return "machine";
  }
  return "";
}

}  // namespace

std::string explain_text(const CodeInfo& code, TextStyle style) {
  std::string out = bold(code_text(code.code) + ": " + std::string(code.title), style) + "\n\n";
  const Page* page = find_page(code.code);
  if (page == nullptr) return out;
  out += wrapped(page->text);
  out += '\n' + bold("Wrong:", style) + "\n\n" + indented(page->wrong, style);
  out += '\n' + bold("Right:", style) + "\n\n" + indented(page->right, style);
  if (page->setting == Page::Setting::arguments) out += "\nBoth with arguments: pidns run SPEC -- ARG...\n";
  const std::string see = "A rule of the " + std::string(rule_word(code.rule_of)) + "; see " + std::string(page->see);
  return out + '\n' + wrapped(see + '.');
}

std::string explain_list(TextStyle style) {
  std::string out;
  for (const CodeInfo& code : codes()) out += bold(code_text(code.code), style) + "  " + std::string(code.title) + '\n';
  return out;
}

std::string explain_json(std::span<const CodeInfo* const> codes) {
  JsonText json;
  json.open_list();
  for (const CodeInfo* code : codes) {
    const Page* page = find_page(code->code);
    if (page == nullptr) continue;
    json.open_object();
    json.text("code", code_text(code->code));
    json.text("title", code->title);
    json.text("rule", rule_word(code->rule_of));
    json.text("text", page->text);
    json.text("wrong", page->wrong);
    json.text("right", page->right);
    json.text("see", page->see);
    json.text("setting", setting_word(page->setting));
    json.close();
  }
  json.close();
  return json.take();
}

}  // namespace pidns
