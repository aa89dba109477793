#pragma once

#include <string>

namespace pidns {

/// What an errno means, as strerror(3) says it, but never translated.
std::string error_text(int error);

}  // namespace pidns
