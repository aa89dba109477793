#pragma once

#include <cstdint>
#include <string_view>

#include "base/diagnostic.h"
#include "base/source.h"

namespace pidns::yaml {

/// The YAML library's complaint at a byte, in better words where the mistake is a common one.
void report_syntax(const SourceFile& source, std::uint32_t at, std::string_view complaint, Diagnostics& diagnostics);

/// Something stands behind the end of the first document.
void report_second_document(const SourceFile& source, std::uint32_t at, Diagnostics& diagnostics);

}  // namespace pidns::yaml
