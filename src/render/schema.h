#pragma once

#include <string>

namespace pidns {

/// A JSON Schema (draft-07) of the spec language as far as it is supported, for editors: made from the
/// table of fields. Accepts every valid spec; the program refuses more than it.
std::string spec_schema();

}  // namespace pidns
