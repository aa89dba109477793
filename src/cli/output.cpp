#include "cli/output.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>

#include "render/columns.h"

namespace pidns::cli {
namespace {

std::array<bool, 3> closed{};

/// The error number, or 0.
int write_all(int descriptor, std::string_view text) noexcept {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

std::string_view environment(const char* name) noexcept {
  const char* value = std::getenv(name);
  return value != nullptr ? std::string_view(value) : std::string_view();
}

/// The first of the three that is set decides, as setlocale(3) does it for LC_CTYPE.
bool locale_is_utf8() noexcept {
  constexpr std::array names{"LC_ALL", "LC_CTYPE", "LANG"};
  for (const char* name : names) {
    const std::string_view value = environment(name);
    if (value.empty()) continue;
    const std::size_t dot = value.find('.');
    if (dot == std::string_view::npos) return false;
    const std::string codeset(value.substr(dot + 1, value.find('@') - dot - 1));
    return ::strcasecmp(codeset.c_str(), "UTF-8") == 0 || ::strcasecmp(codeset.c_str(), "utf8") == 0;
  }
  return false;
}

bool terminal_wants_color(int descriptor) noexcept {
  return environment("NO_COLOR").empty() && environment("TERM") != "dumb" && ::isatty(descriptor) == 1;
}

}  // namespace

void note_closed_descriptors() noexcept {
  for (int descriptor = 0; descriptor < 3; ++descriptor)
    closed[static_cast<std::size_t>(descriptor)] = ::fcntl(descriptor, F_GETFD) == -1;
}

bool was_closed(int descriptor) noexcept {
  const auto at = static_cast<std::size_t>(descriptor);
  return at < closed.size() && closed[at];
}

bool write_output(std::string_view text) {
  const bool nowhere = was_closed(STDOUT_FILENO);
  const int error = nowhere ? EBADF : write_all(STDOUT_FILENO, text);
  if (error == 0) return true;
  complain(std::string("standard output: ") + (nowhere ? "it is closed" : std::strerror(error)));
  return false;
}

void write_error(std::string_view text) noexcept { write_all(STDERR_FILENO, text); }

void complain(std::string_view message) { write_error(wrap_message("pidns: " + std::string(message)) + "\n"); }

ColorChoice color_choice(std::string_view word) noexcept {
  if (word == "always") return ColorChoice::always;
  if (word == "never") return ColorChoice::never;
  return ColorChoice::automatic;
}

TextStyle text_style(int descriptor, ColorChoice choice) noexcept {
  TextStyle style;
  style.utf8 = locale_is_utf8();
  switch (choice) {
    case ColorChoice::automatic:
      style.color = terminal_wants_color(descriptor);
      break;
    case ColorChoice::always:
      style.color = true;
      break;
    case ColorChoice::never:
      break;
  }
  return style;
}

}  // namespace pidns::cli
