#pragma once

/// Text measured and cut in columns of a terminal.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pidns {

inline constexpr std::size_t page_width = 100;

std::size_t columns(std::string_view text);
/// At most `width` columns, the mark in place of what was cut at the right.
std::string cut_right(std::string_view text, std::size_t width, std::string_view mark);
/// The same at the left, where the right end of a text says more.
std::string cut_left(std::string_view text, std::size_t width, std::string_view mark);
/// Filled with blanks.
std::string pad(std::string text, std::size_t width);
/// Lines of at most `width` columns, broken at blanks where there are any.
std::vector<std::string> wrap(std::string_view text, std::size_t width);
/// A sentence to a person: as it is where it fits a page, else in lines that go on after four blanks.
std::string wrap_message(std::string text);

}  // namespace pidns
