#pragma once

#include <optional>
#include <string_view>

namespace pidns {

/// capabilities(7): the number of `CAP_NET_RAW`. The kernel gives new ones out in order; a name that
/// this program does not know yet is nothing.
std::optional<unsigned> capability_number(std::string_view name);

/// The way back; empty for a number beyond the names.
std::string_view capability_name(unsigned number) noexcept;

}  // namespace pidns
