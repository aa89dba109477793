#pragma once

#include <string_view>

#include "base/diagnostic.h"

namespace pidns::cli {

/// Looks which standard descriptors the caller closed, before they are filled with placeholders.
void note_closed_descriptors() noexcept;
/// Whether the caller had closed 0, 1 or 2.
bool was_closed(int descriptor) noexcept;

/// All of the text to standard output. False, after a message on standard error, where it is closed
/// or full: a plan that nobody got must not look like success.
[[nodiscard]] bool write_output(std::string_view text);

/// All of the text to standard error; there is nobody to tell where that is not possible.
void write_error(std::string_view text) noexcept;

/// `pidns: MESSAGE`, one line.
void complain(std::string_view message);

/// `--color`: auto, always, never.
enum class ColorChoice : unsigned char { automatic, always, never };
ColorChoice color_choice(std::string_view word) noexcept;

/// How text on one of the standard descriptors is drawn: colour on terminals where NO_COLOR is not
/// set, lines in UTF-8 where the locale's variables say so.
TextStyle text_style(int descriptor, ColorChoice choice) noexcept;

}  // namespace pidns::cli
