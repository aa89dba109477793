#pragma once

#include <string>
#include <vector>

#include "base/codes.h"
#include "base/source.h"

namespace pidns {

enum class Severity : unsigned char { error, warning };

/// A second place that explains the first: "`uts` would go here".
struct Label {
  Span span;
  std::string text;
};

/// One finding about a spec. Plain data: rendered by render_diagnostic.
struct Diagnostic {
  explicit Diagnostic(Code cause) : code(cause) {}

  Code code;
  Severity severity = Severity::error;
  std::string message;        ///< What is wrong, without the place: "`hostname` needs a new uts namespace".
  Place place;                ///< Carets go under `place.key`, unless `at_value`.
  bool at_value = false;      ///< Carets go under `place.value` instead.
  std::vector<Label> labels;  ///< Further places in the same file.
  std::string why;            ///< The kernel's (or the language's) reason; may be empty.
  std::string fix;            ///< What to write instead; may be empty. Lines are kept.
};

/// Where the carets of a finding go; the other of the two places where the wanted one is nowhere.
Span caret(const Diagnostic& diagnostic) noexcept;
/// Its labels, and for a merged value the place that merged it.
std::vector<Label> labels_of(const SourceFile& source, const Diagnostic& diagnostic);

/// Findings in the order in which they are made; sorted by place before people see them. Of a hostile
/// spec with more than 10,000 the rest is counted only.
class Diagnostics {
 public:
  Diagnostic& error(Code code, Place place, std::string message);
  Diagnostic& error_at_value(Code code, Place place, std::string message);
  Diagnostic& warning(Code code, Place place, std::string message);

  /// What is found from now on is counted only: not worth an effort.
  [[nodiscard]] bool is_full() const noexcept;
  [[nodiscard]] bool has_errors() const noexcept;
  [[nodiscard]] std::size_t errors() const noexcept;
  [[nodiscard]] std::size_t warnings() const noexcept;
  [[nodiscard]] const std::vector<Diagnostic>& all() const noexcept { return all_; }
  /// Sorted by place; what was found several times at one place in the same words (in an anchor that
  /// is merged several times) is kept once.
  void sort_by_place();
  /// `--strict`: every warning becomes an error.
  void promote_warnings();

 private:
  Diagnostic& add(Severity severity, Code code, Place place, std::string message);

  std::vector<Diagnostic> all_;
  Diagnostic dropped_{Code::none};  ///< Written and forgotten, once there are more than anybody reads.
  std::size_t dropped_errors_ = 0;
};

/// How text for people is drawn.
struct TextStyle {
  bool color = false;
  bool utf8 = false;
};

/// One finding in rustc's manner: `file:line:column: error[P012]: …`, the line, carets, labels, why, try.
/// Ends with a line break. At most 100 columns: long source lines are cut around the carets, long
/// notes are wrapped.
std::string render_diagnostic(const SourceFile& source, const Diagnostic& diagnostic, TextStyle style);

/// `1 error, 2 warnings` with right plurals; empty for none.
std::string count_findings(const Diagnostics& diagnostics);

}  // namespace pidns
