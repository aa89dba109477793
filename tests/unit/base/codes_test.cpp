#include "base/codes.h"

#include <catch2/catch.hpp>

#include "base/diagnostic.h"

using namespace pidns;

TEST_CASE("a code is written with three digits and found however it is written") {
  CHECK(code_text(Code::unknown_key) == "P001");
  CHECK(code_text(Code::needs_namespace) == "P012");
  CHECK(code_text(Code::ambiguous_arguments) == "P606");
  CHECK(code_text(Code::none).empty());
  for (const std::string_view word : {"P012", "p012", "p12", "12", "012"}) {
    REQUIRE(find_code(word) != nullptr);
    CHECK(find_code(word)->code == Code::needs_namespace);
  }
  for (const std::string_view word : {"", "P", "P0", "P999", "P12x", "E012", "99999999999999999999"})
    CHECK(find_code(word) == nullptr);
}

TEST_CASE("every code has a title, and there are not few") {
  CHECK(codes().size() >= 40);
  for (const CodeInfo& one : codes()) {
    CHECK(find_code(code_text(one.code)) == &one);
    CHECK_FALSE(one.title.empty());
    CHECK(one.title.back() != '.');
  }
}

TEST_CASE("a failure at run time has no code, and none is drawn") {
  const SourceFile source("a.yaml", "a: b\n");
  Diagnostic found(Code::none);
  found.message = "wrong";
  CHECK(render_diagnostic(source, found, {}).starts_with("a.yaml:1:1: error: wrong\n"));
}
