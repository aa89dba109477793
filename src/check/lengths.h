#pragma once

#include <cstdint>

#include "spec/spec.h"

namespace pidns {

/// Bytes of all that a spec hands to programs, each text as often as it is written, with its pointer. What any one
/// program gets is not more.
std::uint64_t argument_bytes(const Spec& spec) noexcept;

/// Below it, execve(2) takes everything: each string, and all together, whatever the limit of the stack.
inline constexpr std::uint64_t always_taken = 128U << 10U;

}  // namespace pidns
