#include "base/error_text.h"

#include <cstring>

namespace pidns {

std::string error_text(int error) {
  const char* words = ::strerrordesc_np(error);
  return words != nullptr ? words : "error " + std::to_string(error);
}

}  // namespace pidns
