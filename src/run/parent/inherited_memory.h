#pragma once

#include <cstddef>
#include <vector>

#include "plan/graph.h"
#include "sys/unique_fd.h"

namespace pidns {

/// Memory for what is written before the first process is made and is only read by those who inherit it.
///
/// A fork copies the page table of a process's own memory: where that holds a graph of many processes, each
/// of its processes costs in proportion to all the others. It copies nothing for pages of a file to which
/// nobody has written; they are found in the file when they are touched. So this is such a file, without a
/// name (memfd_create(2)). It is filled through one mapping and read through another, private one: nobody who
/// can write to a child's memory can write to the supervisor's.
class InheritedMemory {
 public:
  /// Null where no more is to be had, before the first Scope, and after `seal`. Aligned for anything.
  void* allocate(std::size_t size) noexcept;

  [[nodiscard]] bool is_used() const noexcept { return !chunks_.empty(); }

  /// From here on it can be read only.
  void seal() noexcept;

  /// While one is alive, `operator new` takes from its memory first. What was allocated so must never be freed.
  class Scope {
   public:
    explicit Scope(InheritedMemory& memory) noexcept;
    ~Scope();
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;
  };

 private:
  bool grow(std::size_t size) noexcept;

  struct Chunk {
    UniqueFd file;
    char* begin;
    std::size_t size;
  };
  std::vector<Chunk> chunks_;
  char* next_ = nullptr;
  std::size_t left_ = 0;
  bool sealed_ = false;
  static InheritedMemory* in_scope;

  friend void* allocate_in_scope(std::size_t size) noexcept;
};

/// In the memory of the Scope that is alive; null without one.
void* allocate_in_scope(std::size_t size) noexcept;

/// What only this process needs: children do not get it. Whole pages of it; the rest is inherited.
void keep_from_children(const void* begin, std::size_t size) noexcept;

/// The graph itself; or where many of its processes would inherit it, a copy in `memory`, and the graph is
/// emptied. The copy lives as long as this process.
const ExecutionGraph& settle(ExecutionGraph& graph, InheritedMemory& memory);

}  // namespace pidns
