#pragma once

#include <optional>

#include "base/diagnostic.h"
#include "base/source.h"
#include "spec/spec.h"

namespace pidns {

/// Reads a YAML document and decodes it through the table of fields. All findings are added at once.
/// What could be decoded is returned even beside findings, so that check can add its own; nothing is
/// returned where the text is not one YAML mapping.
std::optional<Spec> load(const SourceFile& source, Diagnostics& diagnostics);

}  // namespace pidns
