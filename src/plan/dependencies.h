#pragma once

#include <span>
#include <string>
#include <unordered_map>

#include "plan/graph.h"
#include "spec/addresses.h"

namespace pidns {

/// Whether any process has `depends-on`.
bool waits_anywhere(const Node& node);

/// Finds the processes that conditions name, once all are planned. Total: what is not there, check refuses.
class Dependencies {
 public:
  explicit Dependencies(const Node& root) : book_(root) {}

  /// The condition with its address as from the root; `address` is that of the last of `around`.
  Dependency from_root(std::span<const Node* const> around, const std::string& address, const Dependency& written);
  /// A node, process, or the stem of copies, and where it stands.
  void note(const std::string& address, ProcessRange range) { ranges_[address] = range; }
  /// Fills `awaited` of the graph and its gates, and says `ready` or `started` where the spec leaves it open.
  void resolve(ExecutionGraph& graph);

 private:
  std::uint32_t awaited_at(ExecutionGraph& graph, const std::string& address);
  void add_ranges(Awaited& to, const std::string& stem, std::string_view rest);

  Addresses book_;
  std::unordered_map<std::string, ProcessRange> ranges_;
  std::unordered_map<std::string, std::uint32_t> known_;
};

}  // namespace pidns
