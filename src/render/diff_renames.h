#pragma once

#include <map>
#include <string>

#include "render/diff_side.h"

namespace pidns {

/// What has only been given another address: a node with all that is in it, or a process within its node.
/// It counts as the same where it does the same, word for word; one that also changes is a new one. Of
/// several that do the same, the first goes with the first.
class Renames {
 public:
  Renames(const DiffSide& before, const DiffSide& after);

  /// The old address of what has `address` in the later plan, and the other way round; `address` itself for
  /// what was not renamed.
  [[nodiscard]] std::string before(const std::string& address) const;
  [[nodiscard]] std::string after(const std::string& address) const;

  /// Whether `address`, of the later plan, was itself renamed, not just something around it.
  [[nodiscard]] bool is_named(const std::string& address) const { return old_.contains(address); }

 private:
  void match_nodes(const DiffSide& before, const DiffSide& after);
  void match_processes(const DiffSide& before, const DiffSide& after);
  void note(const std::string& before, const std::string& after);

  std::map<std::string, std::string> old_;  ///< By new address.
  std::map<std::string, std::string> new_;  ///< By old address.
};

}  // namespace pidns
