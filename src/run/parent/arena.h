#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

#include "run/parent/inherited_memory.h"

namespace pidns {

/// Memory that lives as long as a run and never moves: what children read after a fork.
class Arena {
 public:
  Arena() = default;
  /// Taken from `memory` as long as it gives some.
  explicit Arena(InheritedMemory& memory) : memory_(&memory) {}

  void* allocate(std::size_t size) {
    size = (size + 15) & ~std::size_t{15};
    if (size > left_) refill(size);
    void* result = next_;
    next_ += size;
    left_ -= size;
    return result;
  }
  template <class T>
  T* array(std::size_t count) {
    return static_cast<T*>(allocate(sizeof(T) * count));
  }
  /// The parts one after another, with a final NUL.
  const char* text(std::string_view a, std::string_view b = {}, std::string_view c = {}) {
    char* out = array<char>(a.size() + b.size() + c.size() + 1);
    std::memcpy(out, a.data(), a.size());
    if (!b.empty()) std::memcpy(out + a.size(), b.data(), b.size());
    if (!c.empty()) std::memcpy(out + a.size() + b.size(), c.data(), c.size());
    out[a.size() + b.size() + c.size()] = '\0';
    return out;
  }

 private:
  void refill(std::size_t size) {
    const std::size_t chunk = size > chunk_size ? size : chunk_size;
    left_ = chunk;
    if (memory_ != nullptr && (next_ = static_cast<std::byte*>(memory_->allocate(chunk))) != nullptr) return;
    chunks_.push_back(std::make_unique_for_overwrite<std::byte[]>(chunk));
    next_ = chunks_.back().get();
  }
  static constexpr std::size_t chunk_size = 8192;
  InheritedMemory* memory_ = nullptr;
  std::vector<std::unique_ptr<std::byte[]>> chunks_;
  std::byte* next_ = nullptr;
  std::size_t left_ = 0;
};

}  // namespace pidns
