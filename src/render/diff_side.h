#pragma once

/// One of the two plans that are compared, with what is looked up in it.

#include <map>
#include <string>
#include <vector>

#include "base/source.h"
#include "plan/graph.h"
#include "render/diff_steps.h"
#include "render/render.h"

namespace pidns {

/// `new pid, mount, joins net`.
std::string node_words(const GraphNode& node);

/// Refers to the graph and the source of the PlanSide that it was made of.
class DiffSide {
 public:
  explicit DiffSide(const PlanSide& side);

  /// As the lines of a comparison name it: `pidns` for the supervisor.
  static std::string address(const Process& process);

  /// How it is made, then its own steps; those that make others stand with the others.
  [[nodiscard]] std::vector<ComparedStep> steps(const Process& process) const;

  /// Addresses of the processes that it makes, in that order.
  [[nodiscard]] std::vector<std::string> children(const Process& process) const;

  /// `  [hostname, 6:15]`: the key that asked for the step; empty where none did.
  [[nodiscard]] std::string origin(const Step& step) const;

  const ExecutionGraph& graph;
  const SourceFile& source;
  std::map<std::string, const Process*> processes;  ///< By address.
  std::map<std::string, const GraphNode*> nodes;    ///< By address.

 private:
  void add(std::vector<ComparedStep>& list, const Step& step) const;

  std::map<ProcessId, const Step*> makers_;
};

}  // namespace pidns
