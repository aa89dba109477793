#include "run/parent/inherited_memory.h"

#include <malloc.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <utility>

#include "run/child/context.h"

namespace pidns {
namespace {

constexpr std::size_t first_chunk = std::size_t{1} << 20;
constexpr std::size_t largest_chunk = std::size_t{64} << 20;
// Below this, what is saved does not pay for the copy.
constexpr std::size_t many_forks = 100;

/// How many processes get a copy of their maker's memory. 0 where the spec names descriptors of the caller: a
/// file of ours could be taken for one.
std::size_t forks(const ExecutionGraph& graph) {
  std::size_t count = 0;
  for (const auto& process : graph.processes)
    for (const auto& step : process.steps) {
      if (std::holds_alternative<PassDescriptors>(step.action)) return 0;
      const auto* clone = std::get_if<Clone>(&step.action);
      if (std::holds_alternative<Fork>(step.action) || (clone != nullptr && !child::shares_memory(*clone))) ++count;
    }
  return count;
}

/// A file beyond this limit ends its writer with SIGXFSZ: setrlimit(2).
bool may_have_large_files() {
  rlimit limit{};
  return ::getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur == RLIM_INFINITY;
}

using Environments = std::unordered_map<const EnvironmentPlan*, const EnvironmentPlan*>;

/// Each plan that processes share, copied once. Held by nobody: a count of holders would be written to.
void move_environment(std::shared_ptr<const EnvironmentPlan>& environment, Environments& moved,
                      InheritedMemory& memory) {
  if (!environment) return;
  const EnvironmentPlan*& copy = moved[environment.get()];
  if (copy == nullptr) {
    const InheritedMemory::Scope scope(memory);
    copy = new EnvironmentPlan(*environment);
  }
  environment = std::shared_ptr<const EnvironmentPlan>(std::shared_ptr<const EnvironmentPlan>(), copy);
}

void move_environments(ExecutionGraph& graph, InheritedMemory& memory) {
  Environments moved;
  for (auto& node : graph.nodes) move_environment(node.environment, moved, memory);
  for (auto& process : graph.processes)
    for (auto& step : process.steps)
      if (auto* exec = std::get_if<Exec>(&step.action)) move_environment(exec->environment, moved, memory);
  for (auto& readiness : graph.readiness) move_environment(readiness.exec.environment, moved, memory);
}

}  // namespace

InheritedMemory::Scope::Scope(InheritedMemory& memory) noexcept { in_scope = &memory; }
InheritedMemory::Scope::~Scope() { in_scope = nullptr; }

void* InheritedMemory::allocate(std::size_t size) noexcept {
  size = (size + 15) & ~std::size_t{15};
  if (sealed_ || (size > left_ && !grow(size))) return nullptr;
  void* result = next_;
  next_ += size;
  left_ -= size;
  return result;
}

/// Only what is written to takes memory. The list of chunks itself is not to be inherited.
bool InheritedMemory::grow(std::size_t size) noexcept {
  InheritedMemory* const scope = std::exchange(in_scope, nullptr);
  if (scope == nullptr && chunks_.empty()) return false;
  const std::size_t usual = std::min(first_chunk << chunks_.size(), largest_chunk);
  const std::size_t wanted = std::max(usual, (size + first_chunk - 1) & ~(first_chunk - 1));
  UniqueFd file(::memfd_create("pidns", MFD_CLOEXEC));
  void* begin = MAP_FAILED;
  if (file && ::ftruncate(file.get(), static_cast<off_t>(wanted)) == 0)
    begin = ::mmap(nullptr, wanted, PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0);
  const bool grown = begin != MAP_FAILED;
  if (grown) {
    next_ = static_cast<char*>(begin);
    left_ = wanted;
    chunks_.push_back({std::move(file), next_, wanted});
  }
  in_scope = scope;
  return grown;
}

void InheritedMemory::seal() noexcept {
  sealed_ = true;
  // In the same place, since pointers lead there. The mapping of before is gone with that.
  for (const Chunk& chunk : chunks_)
    if (::mmap(chunk.begin, chunk.size, PROT_READ, MAP_PRIVATE | MAP_FIXED, chunk.file.get(), 0) == MAP_FAILED)
      ::mprotect(chunk.begin, chunk.size, PROT_READ);
  chunks_.clear();
}

void keep_from_children(const void* begin, std::size_t size) noexcept {
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const auto from = (reinterpret_cast<std::uintptr_t>(begin) + page - 1) & ~(page - 1);
  const auto to = (reinterpret_cast<std::uintptr_t>(begin) + size) & ~(page - 1);
  if (from < to) ::madvise(reinterpret_cast<void*>(from), to - from, MADV_DONTFORK);
}

const ExecutionGraph& settle(ExecutionGraph& graph, InheritedMemory& memory) {
  if (graph.processes.size() < many_forks || forks(graph) < many_forks || !may_have_large_files()) return graph;
  ExecutionGraph* copy = nullptr;
  {
    const InheritedMemory::Scope scope(memory);
    copy = new ExecutionGraph(graph);
  }
  move_environments(*copy, memory);
  graph = {};
  ::malloc_trim(0);
  return *copy;
}

}  // namespace pidns
