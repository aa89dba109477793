#pragma once

#include "base/diagnostic.h"
#include "base/source.h"

namespace pidns::yaml {

/// Whether the bytes can be a spec at all: not too many, UTF-8, no control characters. At most one
/// finding, for the first that is wrong. An UTF-8 byte-order mark is accepted.
bool check_text(const SourceFile& source, Diagnostics& diagnostics);

inline constexpr std::string_view utf8_mark = "\xef\xbb\xbf";

}  // namespace pidns::yaml
