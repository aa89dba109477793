#pragma once

/// A page for each code: what the kernel does, and why; a spec that gives the code, and one that does not.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/codes.h"
#include "base/diagnostic.h"

namespace pidns {

struct Page {
  /// What the wrong spec needs to give its code.
  enum class Setting : std::uint8_t {
    root,       ///< Nothing, or a caller who is root.
    anybody,    ///< A caller without privilege.
    arguments,  ///< Words after `--`.
    machine,    ///< A machine that is set up so; the test of the pages makes it.
  };

  Code code;
  std::string_view text;  ///< One paragraph.
  std::string_view wrong;
  std::string_view right;
  std::string_view see;
  Setting setting;
};

// One file a group of codes, in the order of their numbers.
std::span<const Page> pages_of_keys() noexcept;
std::span<const Page> pages_of_values() noexcept;
std::span<const Page> pages_of_document() noexcept;
std::span<const Page> pages_of_namespaces() noexcept;
std::span<const Page> pages_of_mounts() noexcept;
std::span<const Page> pages_of_ids() noexcept;
std::span<const Page> pages_of_processes() noexcept;
std::span<const Page> pages_of_tests() noexcept;

/// A test sees that each code has one.
const Page* find_page(Code code) noexcept;

/// The page of `pidns explain P012`, for people.
std::string explain_text(const CodeInfo& code, TextStyle style);
/// All codes with their titles, one a line.
std::string explain_list(TextStyle style);
/// Some pages, or all, for programs: a list of objects.
std::string explain_json(std::span<const CodeInfo* const> codes);

}  // namespace pidns
