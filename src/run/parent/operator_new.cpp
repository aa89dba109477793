#include <cstdlib>
#include <new>

#include "run/child/context.h"
#include "run/parent/inherited_memory.h"

namespace pidns {

InheritedMemory* InheritedMemory::in_scope = nullptr;

void* allocate_in_scope(std::size_t size) noexcept {
  return InheritedMemory::in_scope != nullptr ? InheritedMemory::in_scope->allocate(size) : nullptr;
}

}  // namespace pidns

// The library's own, but for what is allocated in a scope of InheritedMemory. The address sanitizer has its
// own, and knows none of ours.
#ifndef PIDNS_ADDRESS_SANITIZER
void* operator new(std::size_t size) {
  if (void* memory = pidns::allocate_in_scope(size)) return memory;
  if (void* memory = std::malloc(size != 0 ? size : 1)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
#endif
