/// Findings in rustc's manner. Everything that comes from the spec goes through printable() or
/// DisplayLine, since a hostile spec must not be able to write to the terminal.

#include <algorithm>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/display_line.h"

namespace pidns {
namespace {

constexpr std::size_t page = 100;

namespace colour {
constexpr std::string_view red = "\x1b[1;31m";
constexpr std::string_view yellow = "\x1b[1;33m";
constexpr std::string_view blue = "\x1b[1;34m";
constexpr std::string_view bold = "\x1b[1m";
constexpr std::string_view off = "\x1b[0m";
}  // namespace colour

/// One underlined stretch of one line.
struct Mark {
  Span span;
  Position at;
  std::string text;
  bool primary = false;
};

class Drawing {
 public:
  Drawing(const SourceFile& source, const Diagnostic& diagnostic, TextStyle style)
      : source_(source), diagnostic_(diagnostic), style_(style) {}

  std::string draw() {
    head();
    collect_marks();
    if (!marks_.empty()) snippet();
    note("why", diagnostic_.why);
    note("try", diagnostic_.fix);
    return std::move(out_);
  }

 private:
  void paint(std::string_view code, std::string_view text) {
    if (style_.color) out_ += code;
    out_ += text;
    if (style_.color) out_ += colour::off;
  }

  [[nodiscard]] std::string_view severity_colour() const {
    return diagnostic_.severity == Severity::error ? colour::red : colour::yellow;
  }

  /// Words of a text laid out in lines, the first of which has `used` columns less.
  static std::vector<std::string> wrap(std::string_view text, std::size_t used, std::size_t indent) {
    std::vector<std::string> lines(1);
    std::size_t room = page > used + 20 ? page - used : 20;
    while (!text.empty()) {
      const std::size_t end = std::min(text.find(' '), text.size());
      const std::string word = printable(text.substr(0, end));
      const bool fresh = lines.back().empty();
      if (!fresh && display_width(lines.back()) + 1 + display_width(word) > room) {
        lines.emplace_back();
        room = page > indent + 20 ? page - indent : 20;
      } else if (!fresh) {
        lines.back() += ' ';
      }
      lines.back() += word;
      text.remove_prefix(std::min(end + 1, text.size()));
      if (word.empty() && lines.back().empty()) lines.back() += ' ';
    }
    return lines;
  }

  void head() {
    const std::string where = printable(source_.where(caret(diagnostic_)));
    std::string word = diagnostic_.severity == Severity::error ? "error" : "warning";
    if (diagnostic_.code != Code::none) word += '[' + code_text(diagnostic_.code) + ']';
    paint(colour::bold, where + ": ");
    paint(severity_colour(), word);
    const std::size_t used = display_width(where) + word.size() + 4;
    std::string_view lead = ": ";
    for (const auto& line : wrap(diagnostic_.message, used, 4)) {
      paint(colour::bold, std::string(lead) + line);
      lead = "\n    ";
    }
    out_ += '\n';
  }

  void add_mark(Span span, std::string text, bool primary) {
    if (span == Span{}) return;
    marks_.push_back({span, source_.position(span.begin), std::move(text), primary});
  }

  void collect_marks() {
    add_mark(caret(diagnostic_), "", true);
    for (const auto& label : labels_of(source_, diagnostic_)) add_mark(label.span, label.text, false);
    std::stable_sort(marks_.begin(), marks_.end(), [](const Mark& a, const Mark& b) {
      return a.at.line != b.at.line ? a.at.line < b.at.line : a.primary > b.primary;
    });
    if (!marks_.empty()) number_width_ = std::to_string(marks_.back().at.line).size();
  }

  void gutter(std::string_view number) {
    std::string drawn(number_width_ + 1 - number.size(), ' ');
    drawn += number;
    drawn += " |";
    paint(colour::blue, drawn);
  }

  [[nodiscard]] std::size_t gutter_width() const { return number_width_ + 4; }

  void snippet() {
    gutter("");
    out_ += '\n';
    for (std::size_t begin = 0; begin < marks_.size();) {
      std::size_t end = begin + 1;
      while (end < marks_.size() && marks_[end].at.line == marks_[begin].at.line) ++end;
      source_line(begin, end);
      begin = end;
    }
  }

  /// Of a line that may be megabytes long, the bytes around the first mark.
  static std::string_view excerpt(std::string_view line, std::size_t mark, std::size_t& skipped) {
    constexpr std::size_t most = 2048;
    if (line.size() <= most) return line;
    if (mark > most / 2) skipped = mark - most / 2;
    while (skipped < mark && (static_cast<unsigned char>(line[skipped]) & 0xc0U) == 0x80U) ++skipped;
    return line.substr(skipped, most);
  }

  /// Which columns of a long line are shown: those around its first mark.
  struct Window {
    std::size_t begin = 0;
    std::size_t end = 0;
  };
  [[nodiscard]] Window window(const DisplayLine& line, std::size_t first_byte) const {
    const std::size_t room = page - gutter_width();
    if (line.width() <= room) return {0, line.width()};
    const std::size_t ellipses = 2 * ellipsis().size();
    const std::size_t from = line.column(first_byte);
    const std::size_t begin = from < room - room / 3 ? 0 : from - room / 3;
    return {begin, std::min(line.width(), begin + room - ellipses)};
  }
  [[nodiscard]] static std::string_view ellipsis() { return "..."; }

  void source_line(std::size_t begin, std::size_t end) {
    const Mark& first = marks_[begin];
    std::size_t skipped = 0;
    const DisplayLine line(excerpt(source_.line(first.at.line), first.at.column - 1, skipped), style_.utf8);
    const Window shown = window(line, first.at.column - 1 - skipped);
    gutter(std::to_string(first.at.line));
    std::string text = line.cut(shown.begin, shown.end);
    if (shown.begin > 0 || skipped > 0) text = std::string(ellipsis()) + text;
    if (shown.end < line.width()) text += ellipsis();
    text.erase(text.find_last_not_of(' ') + 1);
    if (!text.empty()) out_ += ' ' + text;
    out_ += '\n';
    for (std::size_t i = begin; i < end; ++i) underline(line, shown, marks_[i], skipped);
  }

  void underline(const DisplayLine& line, Window shown, const Mark& mark, std::size_t skipped) {
    if (mark.at.column - 1 < skipped) return;
    const std::size_t byte = mark.at.column - 1 - skipped;
    const std::size_t length = std::max<std::size_t>(1, mark.span.end - mark.span.begin);
    std::size_t from = line.column(byte);
    std::size_t to = std::max(from + 1, line.column(byte + length));
    if (from > shown.end || to < shown.begin) return;
    const std::size_t moved = shown.begin > 0 || skipped > 0 ? ellipsis().size() : 0;
    from = std::max(from, shown.begin) - shown.begin + moved;
    to = std::max(from + 1, std::min(to, std::max(shown.end, shown.begin + 1)) - shown.begin + moved);
    gutter("");
    out_ += ' ' + std::string(from, ' ');
    const std::string_view paint_code = mark.primary ? severity_colour() : colour::blue;
    std::string drawn(to - from, mark.primary ? '^' : '-');
    const std::string text = printable(mark.text);
    const bool fits = gutter_width() + to + 1 + display_width(text) <= page;
    if (!text.empty() && fits) drawn += ' ' + text;
    paint(paint_code, drawn);
    out_ += '\n';
    if (text.empty() || fits) return;
    for (const auto& piece : wrap(text, gutter_width(), gutter_width())) {
      gutter("");
      out_ += ' ';
      paint(paint_code, piece);
      out_ += '\n';
    }
  }

  void note(std::string_view title, std::string_view text) {
    if (text.empty()) return;
    const std::size_t indent = number_width_ + 2 + 2 + title.size() + 2;
    std::string lead = std::string(number_width_ + 2, ' ');
    out_ += lead;
    paint(colour::blue, "= ");
    paint(colour::bold, title);
    out_ += ": ";
    bool first = true;
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      const std::string_view line = text.substr(0, end);
      const std::size_t own = std::min(line.find_first_not_of(' '), line.size());
      for (const auto& piece : wrap(line.substr(own), indent + own, indent + own)) {
        if (!first) out_ += std::string(indent, ' ');
        first = false;
        out_ += std::string(own, ' ') + piece + '\n';
      }
      text.remove_prefix(std::min(end + 1, text.size()));
    }
  }

  const SourceFile& source_;
  const Diagnostic& diagnostic_;
  TextStyle style_;
  std::string out_;
  std::vector<Mark> marks_;
  std::size_t number_width_ = 1;
};

}  // namespace

std::string render_diagnostic(const SourceFile& source, const Diagnostic& diagnostic, TextStyle style) {
  return Drawing(source, diagnostic, style).draw();
}

}  // namespace pidns
