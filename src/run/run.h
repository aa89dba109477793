#pragma once

#include <string>

#include "base/diagnostic.h"
#include "base/source.h"
#include "plan/graph.h"
#include "spec/caller_facts.h"

namespace pidns {

/// What the caller's process tells about itself: ids, capabilities, levels, cwd, and what is needed besides.
CallerFacts gather_caller_facts(const FactNeeds& needs);

/// How a run is known to other programs.
struct InstanceOptions {
  std::string spec;   ///< Absolute path of the file; `-` for standard input.
  bool exact = false; ///< Its name is written in the spec, and not another's at the same time.
  Place name_place;
};

struct RunOptions {
  TextStyle style;         ///< For messages on standard error.
  bool timings = false;    ///< After the run: where its time went, on standard error.
  std::string trace_path;  ///< The same as Chrome trace events in a file; empty for none.
  InstanceOptions instance;
};

/// Makes the graph real and supervises it to its end. Returns the exit status that `pidns run` has;
/// where the language says that pidns dies of the command's signal, it does not return.
int run(const ExecutionGraph& graph, const SourceFile& source, const RunOptions& options);

/// Prepares standard descriptors and must be called before anything is opened: a closed 0, 1 or 2 is
/// filled with a placeholder that the command does not see.
void guard_standard_descriptors() noexcept;

}  // namespace pidns
