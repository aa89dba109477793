#pragma once

/// From a file to a verified plan: read, load, check, plan, fuse, verify. Each step either goes on or
/// has already told standard error why not.

#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "base/diagnostic.h"
#include "base/source.h"
#include "plan/graph.h"
#include "spec/caller_facts.h"
#include "spec/spec.h"

namespace pidns::cli {

/// Why a verb got no further.
enum class Stop : unsigned char {
  unreadable,  ///< No file there, or not one that can be read.
  findings,    ///< The spec has errors.
  defect,      ///< A plan of ours broke a rule of ours.
};

struct CheckRequest {
  std::string path;                    ///< `-` for standard input.
  std::vector<std::string> arguments;  ///< What stood after `--`.
  bool strict = false;                 ///< Warnings are errors.
  bool offline = false;                ///< As if to be run by somebody else, somewhere else.
  bool show_warnings = true;
  std::string_view after_errors;  ///< Ends the closing line: "; nothing was run".
  TextStyle style;                ///< For the findings, on standard error.
};

/// A spec without errors, and who asked for it.
struct CheckedSpec {
  SourceFile source;
  Spec spec;
  CallerFacts facts;
};

/// What loading and checking make of a spec, with all findings, sorted by place.
struct ExaminedSpec {
  SourceFile source;
  std::optional<Spec> spec;  ///< Nothing where it could not be read as a spec.
  CallerFacts facts;
  Diagnostics diagnostics;
  std::vector<bool> of_caller;  ///< Of each finding: another caller, or another machine, need not get it.
};

/// Tells standard error only of a file that cannot be read; then nothing.
std::optional<ExaminedSpec> examine_spec(const CheckRequest& request);

/// As examine_spec, with the findings on standard error; goes on where none is an error.
tl::expected<CheckedSpec, Stop> check_spec(const CheckRequest& request);

/// How a plan makes its processes. Both do the same; `canonical` in the steps that unshare(1) takes.
enum class PlanForm : unsigned char {
  fused,      ///< clone(2) where one call can do it, as few processes as possible.
  canonical,  ///< unshare(2), fork(2), and a launcher for each new pid namespace.
};

/// `path` gives a name to a spec without one, and the directory from which paths count; `arguments`
/// are what stood after `--`.
tl::expected<ExecutionGraph, Stop> make_plan(const CheckedSpec& checked, const std::string& path,
                                             std::vector<std::string> arguments, PlanForm form);

/// The instance's name: `name` of the spec, else made of the file's name, else `stdin`.
std::string instance_name(const Spec& spec, const std::string& path);

/// Where a spec's file is; `-` stays `-`. Nothing is resolved in it.
std::string absolute_path(const std::string& path);

/// The absolute directory from which relative paths of the host count.
std::string spec_directory(const std::string& path);

}  // namespace pidns::cli
