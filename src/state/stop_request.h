#pragma once

#include <cstdint>

namespace pidns {

/// How `pidns stop` asks a supervisor to end its run: a SIGTERM queued with one of these values, which
/// sets it apart from a SIGTERM that is meant for the command. Arbitrary numbers that nobody else sends.
enum class StopRequest : std::int32_t {
  in_order = 0x70696401,  ///< Each gets its stop-signal and its stop-timeout; asked again, nothing more.
  now = 0x70696402,       ///< SIGKILL to all.
};

}  // namespace pidns
