#include <algorithm>
#include <cmath>
#include <cstdio>

#include "base/display_line.h"
#include "render/columns.h"
#include "render/timeline.h"

namespace pidns {
namespace {

constexpr std::size_t bar_cells = 40;
constexpr std::size_t widest_address = 16;
constexpr std::size_t widest_words = 26;
constexpr std::size_t most_lines = 80;

double milliseconds(std::chrono::nanoseconds time) { return static_cast<double>(time.count()) / 1e6; }

/// Three digits that matter, and never an exponent.
std::string number(double value) {
  char text[32];
  const int digits = value < 10 ? 2 : value < 100 ? 1 : 0;
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

/// `0.5`, `1`, `20`: what a tick needs.
std::string short_number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

/// 1, 2 or 5 times a power of ten, so that three to six fit.
double tick(double whole) {
  const double power = std::pow(10.0, std::floor(std::log10(whole / 3)));
  for (const double factor : {5.0, 2.0})
    if (whole / (power * factor) >= 3) return power * factor;
  return power;
}

class Drawing {
 public:
  Drawing(const Timeline& timeline, TextStyle style) : timeline_(timeline), style_(style) {
    for (const TimedStep& step : timeline.steps) {
      whole_ = std::max(whole_, milliseconds(step.end));
      executed_ = executed_ || executes(step);
      address_ = std::max(address_, std::min(columns(step.process), widest_address));
      words_ = std::max(words_, std::min(columns(step.words), widest_words));
    }
    whole_ = std::max(whole_, 1e-3);
  }

  std::string draw() {
    std::string out = axis();
    std::size_t left_out = 0;
    std::size_t lines = 0;
    const std::string* last = nullptr;
    for (const TimedStep& step : timeline_.steps) {
      if (is_small(step) || lines == most_lines) {
        ++left_out;
        continue;
      }
      out += line(step, last == nullptr || *last != step.process);
      last = &step.process;
      ++lines;
    }
    out += pad(executed_ ? "start to last execute" : "start to last step", left_width() - 8) + right(number(whole_)) +
           " ms\n";
    if (left_out > 0)
      out += std::to_string(left_out) + (left_out == 1 ? " step" : " steps") + " not shown; --trace has all\n";
    return out;
  }

 private:
  static bool executes(const TimedStep& step) { return step.words.starts_with("execute "); }

  /// The first and the last step of a process are shown however short they are.
  [[nodiscard]] bool is_small(const TimedStep& step) const {
    if (step.words == "create" || executes(step)) return false;
    return milliseconds(step.end - step.begin) < whole_ / 100;
  }

  [[nodiscard]] std::size_t left_width() const { return address_ + 2 + words_ + 8; }
  static std::string right(const std::string& text) {
    return std::string(text.size() < 8 ? 8 - text.size() : 0, ' ') + text;
  }

  [[nodiscard]] std::string axis() const {
    std::string text(left_width() + 2, ' ');
    const double each = tick(whole_);
    for (int i = 0; i * each <= whole_; ++i) {
      const double at = i * each;
      const auto cell = static_cast<std::size_t>(at / whole_ * bar_cells);
      const std::size_t column = left_width() + 2 + cell;
      const std::string tick_text = short_number(at) + " ";
      if (column < text.size() || column + tick_text.size() + 2 > page_width) continue;
      text = pad(std::move(text), column) + tick_text;
    }
    return text + "ms\n";
  }

  [[nodiscard]] std::string line(const TimedStep& step, bool names_process) const {
    const char* mark = style_.utf8 ? "…" : "...";
    std::string text = pad(names_process ? cut_left(printable(step.process), address_, mark) : "", address_ + 2);
    text += pad(cut_right(printable(step.words), words_, mark), words_);
    text += right(number(milliseconds(step.end - step.begin)));
    return text + "  " + bar(step) + "\n";
  }

  /// In halves of cells; at least one.
  [[nodiscard]] std::string bar(const TimedStep& step) const {
    const auto half = [this](double at) { return static_cast<std::size_t>(at / whole_ * 2 * bar_cells); };
    const std::size_t begin = std::min(half(milliseconds(step.begin)), 2 * bar_cells - 1);
    const std::size_t end = std::max(begin + 1, half(milliseconds(step.end)));
    std::string text;
    for (std::size_t cell = 0; 2 * cell < end; ++cell) {
      const bool left = 2 * cell >= begin;
      const bool right_half = 2 * cell + 1 >= begin && 2 * cell + 1 < end;
      if (!left && !right_half)
        text += " ";
      else if (!style_.utf8)
        text += "#";
      else
        text += left && right_half ? "█" : left ? "▌" : "▐";
    }
    return text;
  }

  const Timeline& timeline_;
  TextStyle style_;
  double whole_ = 0;
  bool executed_ = false;
  std::size_t address_ = 5;
  std::size_t words_ = 14;
};

}  // namespace

std::string waterfall(const Timeline& timeline, TextStyle style) { return Drawing(timeline, style).draw(); }

}  // namespace pidns
