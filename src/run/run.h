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
  std::string spec;    ///< Absolute path of the file; `-` for standard input.
  bool exact = false;  ///< Its name is written in the spec, and not another's at the same time.
  Place name_place;
  int starter = -1;  ///< Of a detached run: where to tell its caller that it has started, or why not.
};

/// `--output`: what becomes of streams that commands inherit.
enum class OutputMode : unsigned char {
  automatic,  ///< `prefix` for several processes on a terminal, else `raw`.
  raw,        ///< The caller's descriptors, untouched.
  prefix,     ///< Whole lines, each after the address of its process.
};

struct RunOptions {
  TextStyle style;  ///< For messages on standard error.
  OutputMode output = OutputMode::automatic;
  TextStyle output_style;  ///< For prefixes on standard output.
  std::string log_dir;     ///< A folder with a file a process; empty for none.
  bool timings = false;    ///< After the run: where its time went, on standard error.
  std::string events;      ///< Where what happens is written: a descriptor's number or a file; empty for nowhere.
  std::string trace_path;  ///< The same as Chrome trace events in a file; empty for none.
  InstanceOptions instance;
};

/// Makes the graph real, which is its own from then on, and supervises it to its end. Returns the exit status that
/// `pidns run` has; where the language says that pidns dies of the command's signal, it does not return.
int run(ExecutionGraph&& graph, const SourceFile& source, const RunOptions& options);

/// The same in a process of its own, in a session of its own, that holds none of the caller's descriptors
/// but those of `pass-fds`. Returns when every process that waits for no other has executed and, where it
/// has `ready`, is ready: with 0, after the instance's name was given to `tell`; else, when all is undone,
/// with the status of the run, 125 where that is 0. SIGINT, SIGTERM and SIGHUP meanwhile go to the run; where it dies
/// of one, so does this process. Where `tell` cannot pass the name on, the run is stopped again, and it is 125.
int run_detached(ExecutionGraph&& graph, const SourceFile& source, const RunOptions& options,
                 bool (*tell)(const std::string& name));

/// From now on this process gets SIGKILL when the one that started it dies (its thread, where that has
/// several: prctl(2), PR_SET_PDEATHSIG). One that died while this was said ends this process at once.
void die_with_parent() noexcept;

/// Prepares standard descriptors and must be called before anything is opened: a closed 0, 1 or 2 is
/// filled with a placeholder that the command does not see.
void guard_standard_descriptors() noexcept;

}  // namespace pidns
