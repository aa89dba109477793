#pragma once

/// What tests of plan share: a spec as text, its graph as lines of kinds of steps.

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "findings.h"
#include "plan/graph.h"
#include "plan/verify.h"
#include "spec/caller_facts.h"
#include "spec/spec.h"

namespace pidns::testing {

/// A spec without errors, and its graph.
struct Planned {
  Spec spec;
  CallerFacts facts;
  ExecutionGraph graph;
};

/// As `pidns run SPEC -- ARG…` plans it, of `/specs/lab.yaml`. Throws the findings of a spec with errors.
Planned canonical(std::string_view text, const CallerFacts& facts = {}, const Lines& arguments = {});
/// The same after fuse.
Planned fused(std::string_view text, const CallerFacts& facts = {}, const Lines& arguments = {});

/// Uid and gid 1000, no capability, with subordinate ids.
CallerFacts unprivileged();

/// `ns1/.init: TieToMaker Clone Supervise`, a process a line.
Lines programs(const ExecutionGraph& graph);
/// The kinds of one process's steps, one behind another.
std::string program(const ExecutionGraph& graph, std::string_view address);
std::string program(const Process& process);

const Process& process(const ExecutionGraph& graph, std::string_view address);
Process& process(ExecutionGraph& graph, std::string_view address);

/// The rules that a graph breaks, each once, sorted.
Lines broken(const Planned& planned);

template <class T>
std::vector<const T*> all(const Process& process) {
  std::vector<const T*> found;
  for (const auto& step : process.steps)
    if (const auto* action = std::get_if<T>(&step.action)) found.push_back(action);
  return found;
}

/// The one step of a kind that a process has.
template <class T>
const T& only(const Process& process) {
  const auto found = all<T>(process);
  if (found.size() != 1) throw std::runtime_error(std::to_string(found.size()) + " steps in " + program(process));
  return *found.front();
}
template <class T>
const T& only(const ExecutionGraph& graph, std::string_view address) {
  return only<T>(process(graph, address));
}

}  // namespace pidns::testing
