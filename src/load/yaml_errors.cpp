#include "load/yaml_errors.h"

#include <algorithm>
#include <array>

namespace pidns::yaml {
namespace {

struct Words {
  std::string_view theirs;  ///< Begins yaml-cpp's message.
  std::string_view message;
  std::string_view fix;
};

constexpr std::array table{
    Words{"illegal tab when looking for indentation", "a tab in the indentation", "indent with blanks"},
    Words{"end of sequence flow not found", "a list that `[` opens is not closed", "close it with `]`"},
    Words{"end of map flow not found", "a map that `{` opens is not closed", "close it with `}`"},
    Words{"end of sequence not found", "this does not continue the list around it",
          "indent it like the other elements, each with `- `"},
    Words{"end of map not found", "this does not continue the map around it", "indent it like the other keys"},
    Words{"illegal map value", "a `:` where no value can begin",
          "indent the key like its neighbours, or quote a text that holds `: `"},
    Words{"illegal map key", "a key cannot begin here", "begin it on a line of its own"},
    Words{"illegal block entry", "a list element cannot begin here", "begin the list on a line of its own"},
    Words{"illegal flow end", "a closing bracket that closes nothing", "quote it if it is meant as text"},
    Words{"illegal EOF in scalar", "a quote that is not closed", "close the quote"},
    Words{"illegal document indicator in scalar", "a quote that is not closed before the document ends",
          "close the quote"},
    Words{"unknown escape character", "an unknown escape in double quotes",
          "write a backslash as \\\\, or use single quotes"},
    Words{"the referenced anchor is not defined", "no anchor of this name stands before the alias",
          "name it first with `&`; a text that begins with `*` is quoted"},
    Words{"aliases can't have any content", "an alias has no content of its own",
          "take in a map with `<<: *name` and write the other keys beside it"},
    Words{"cannot set zero indentation", "a block scalar's indentation is 1 to 9", "leave the number out"},
    Words{"unexpected character in block scalar", "text behind the sign of a block scalar",
          "begin the text on the next line"},
    Words{"unknown token", "a value cannot begin with this character", "quote it"},
    Words{"alias not found after *", "an alias without a name", "quote a text that begins with `*`"},
    Words{"anchor not found after &", "an anchor without a name", "quote a text that begins with `&`"},
};

bool tab_indented(const SourceFile& source, std::uint32_t at, Span& indentation) {
  const std::string_view text = source.text();
  std::uint32_t begin = at;
  while (begin > 0 && text[begin - 1] != '\n') --begin;
  std::uint32_t end = begin;
  while (end < text.size() && (text[end] == ' ' || text[end] == '\t')) ++end;
  indentation = {begin, end};
  return text.substr(begin, end - begin).find('\t') != std::string_view::npos;
}

/// The opening quote of a quoted text that runs to the end: the last on a line whose quotes are odd.
bool open_quote(std::string_view text, std::uint32_t& at) {
  char quote = 0;
  char before = '\n';
  for (std::uint32_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool token_start = std::string_view(" \t\n[{,:-").find(before) != std::string_view::npos;
    if (quote != 0) {
      if (quote == '"' && c == '\\')
        ++i;
      else if (c == quote)
        quote = 0;
    } else if (c == '#' && (before == ' ' || before == '\n' || before == '\t')) {
      while (i + 1 < text.size() && text[i + 1] != '\n') ++i;
    } else if ((c == '"' || c == '\'') && token_start) {
      quote = c;
      at = i;
    }
    before = c;
  }
  return quote != 0;
}

/// The innermost bracket that is not closed.
bool open_bracket(std::string_view text, char sign, std::uint32_t& at) {
  std::uint32_t depth = 0;
  const char closing = sign == '[' ? ']' : '}';
  for (std::size_t i = text.size(); i-- > 0;) {
    if (text[i] == closing) ++depth;
    if (text[i] != sign) continue;
    if (depth == 0) {
      at = static_cast<std::uint32_t>(i);
      return true;
    }
    --depth;
  }
  return false;
}

Diagnostic& report(const SourceFile& source, std::uint32_t at, std::string message, Diagnostics& diagnostics) {
  const auto size = static_cast<std::uint32_t>(source.text().size());
  at = std::min(at, size);
  const Span span{at, std::min(at + 1, size)};
  return diagnostics.error({span, span, {}}, std::move(message));
}

}  // namespace

void report_syntax(const SourceFile& source, std::uint32_t at, std::string_view complaint, Diagnostics& diagnostics) {
  Span indentation;
  if (tab_indented(source, at, indentation)) {
    diagnostics.error({indentation, indentation, {}}, "a tab in the indentation").fix = "indent with blanks";
    return;
  }
  const auto row =
      std::find_if(table.begin(), table.end(), [&](const Words& words) { return complaint.starts_with(words.theirs); });
  if (row == table.end()) {
    report(source, at, "not YAML: " + std::string(complaint), diagnostics);
    return;
  }
  const std::string_view text = source.text();
  std::uint32_t begin = at;
  const bool end = complaint.starts_with("end of sequence flow") || complaint.starts_with("end of map flow");
  if (end && at >= text.size() && open_quote(text, begin)) {
    report(source, begin, "a quote that is not closed", diagnostics).fix = "close the quote";
    return;
  }
  if (row->message.starts_with("a quote")) open_quote(text, begin);
  const bool list = complaint.starts_with("end of sequence flow") && open_bracket(text.substr(0, at), '[', begin);
  const bool map = complaint.starts_with("end of map flow") && open_bracket(text.substr(0, at), '{', begin);
  auto& found = report(source, begin, std::string(row->message), diagnostics);
  found.fix = row->fix;
  const auto size = static_cast<std::uint32_t>(text.size());
  if ((list || map) && at < size) found.labels.push_back({{at, at + 1}, "this cannot stand in it"});
}

void report_second_document(const SourceFile& source, std::uint32_t at, Diagnostics& diagnostics) {
  const std::string_view text = source.text();
  const bool separator = text.substr(std::min<std::size_t>(at, text.size()), 3) == "---";
  auto& found =
      report(source, at, separator ? "a second document" : "something behind the end of the spec", diagnostics);
  if (separator) found.place.key.end = found.place.value.end = at + 3;
  found.why = "a spec is one YAML document";
  found.fix = separator ? "a file for each, or one spec with `namespaces`" : "";
}

}  // namespace pidns::yaml
