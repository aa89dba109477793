#include "cli/log.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <array>
#include <memory>

namespace pidns::cli {
namespace {

LogLevel threshold = LogLevel::off;
std::unique_ptr<spdlog::logger> logger;

constexpr std::array<std::string_view, 6> level_words{"trace", "debug", "info", "warning", "error", "off"};

constexpr std::array<spdlog::level::level_enum, 6> spdlog_levels{spdlog::level::trace, spdlog::level::debug,
                                                                 spdlog::level::info,  spdlog::level::warn,
                                                                 spdlog::level::err,   spdlog::level::off};

spdlog::level::level_enum spdlog_level(LogLevel level) { return spdlog_levels[static_cast<std::size_t>(level)]; }

/// `%*` in a pattern: the message as the inside of a JSON string.
class JsonText final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&, spdlog::memory_buf_t& out) override {
    for (const char letter : message.payload) {
      const auto byte = static_cast<unsigned char>(letter);
      if (letter == '"' || letter == '\\')
        fmt::format_to(std::back_inserter(out), "\\{}", letter);
      else if (byte < 0x20)
        fmt::format_to(std::back_inserter(out), "\\u{:04x}", byte);
      else
        out.push_back(letter);
    }
  }
  [[nodiscard]] std::unique_ptr<custom_flag_formatter> clone() const override { return std::make_unique<JsonText>(); }
};

std::unique_ptr<spdlog::formatter> formatter(bool json) {
  auto made = std::make_unique<spdlog::pattern_formatter>(json ? spdlog::pattern_time_type::utc
                                                               : spdlog::pattern_time_type::local);
  made->add_flag<JsonText>('*');
  made->set_pattern(json ? R"({"time":"%Y-%m-%dT%H:%M:%S.%fZ","level":"%l","pid":%P,"message":"%*"})"
                         : "pidns: %H:%M:%S.%f %l: %v");
  return made;
}

}  // namespace

LogLevel log_level(std::string_view word) noexcept {
  for (std::size_t i = 0; i < level_words.size(); ++i)
    if (level_words[i] == word) return static_cast<LogLevel>(i);
  return LogLevel::off;
}

void start_log(LogLevel level, bool json) {
  threshold = level;
  if (level == LogLevel::off) return;
  logger = std::make_unique<spdlog::logger>("pidns", std::make_shared<spdlog::sinks::stderr_sink_st>());
  logger->set_level(spdlog_level(level));
  logger->set_formatter(formatter(json));
  logger->flush_on(spdlog::level::trace);
}

bool logs(LogLevel level) noexcept { return level >= threshold && threshold != LogLevel::off; }

void log(LogLevel level, const std::string& message) {
  if (logger) logger->log(spdlog_level(level), message);
}

}  // namespace pidns::cli
