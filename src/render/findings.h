#pragma once

/// Findings for programs.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "base/source.h"

namespace pidns {

/// What was found in one spec.
struct SpecFindings {
  SourceFile source;
  Diagnostics diagnostics;
  std::vector<bool> of_caller;  ///< Of each finding: another caller need not get it.
};

/// A list with an object a finding: `file`; `line`, `column`, `end_line`, `end_column` (from 1, columns
/// in bytes, the end exclusive); `code`, `severity` (`error` or `warning`), `message`; `why` and `hint`,
/// which may be empty; `caller`, whether another caller need not get it; `labels`, further places with their `text`.
std::string findings_json(std::span<const SpecFindings> specs);

/// SARIF 2.1.0, as code scanners of forges read it: a run with the rules that were broken and a result
/// a finding. Columns count code points there.
std::string findings_sarif(std::span<const SpecFindings> specs, std::string_view version);

}  // namespace pidns
