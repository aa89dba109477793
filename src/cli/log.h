#pragma once

#include <string>
#include <string_view>

namespace pidns::cli {

/// What pidns tells about itself, on standard error, only where it was asked to. Nothing is made
/// and nothing is formatted before start_log.
enum class LogLevel : unsigned char { trace, debug, info, warning, error, off };

/// One of `trace`, `debug`, `info`, `warning`, `error`, `off`.
LogLevel log_level(std::string_view word) noexcept;

void start_log(LogLevel level, bool json);

/// Whether a message of this level would be written: ask before making one.
bool logs(LogLevel level) noexcept;

void log(LogLevel level, const std::string& message);

}  // namespace pidns::cli
