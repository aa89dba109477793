#include "explain/pages.h"

namespace pidns {

const Page* find_page(Code code) noexcept {
  for (const auto pages : {pages_of_keys(), pages_of_values(), pages_of_document(), pages_of_namespaces(),
                           pages_of_mounts(), pages_of_ids(), pages_of_processes(), pages_of_tests()})
    for (const Page& page : pages)
      if (page.code == code) return &page;
  return nullptr;
}

}  // namespace pidns
