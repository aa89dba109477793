#pragma once

#include <string>

#include "base/diagnostic.h"
#include "base/source.h"
#include "plan/graph.h"
#include "spec/caller_facts.h"

namespace pidns {

/// What the caller's process tells about itself: ids, capabilities, levels, cwd, and what is needed besides.
CallerFacts gather_caller_facts(const FactNeeds& needs);

struct RunOptions {
  TextStyle style;         ///< For messages on standard error.
  bool timings = false;    ///< After the run: where its time went, on standard error.
  std::string trace_path;  ///< The same as Chrome trace events in a file; empty for none.
};

/// Makes the graph real and supervises it to its end. Returns the exit status that `pidns run` has;
/// where the language says that pidns dies of the command's signal, it does not return.
int run(const ExecutionGraph& graph, const SourceFile& source, const RunOptions& options);

/// From now on this process gets SIGKILL when the one that started it dies (its thread, where that has
/// several: prctl(2), PR_SET_PDEATHSIG). One that died while this was said ends this process at once.
void die_with_parent() noexcept;

/// Prepares standard descriptors and must be called before anything is opened: a closed 0, 1 or 2 is
/// filled with a placeholder that the command does not see.
void guard_standard_descriptors() noexcept;

}  // namespace pidns
