#include "base/quote.h"

#include <catch2/catch.hpp>

#include "base/nearest.h"

using namespace pidns;

TEST_CASE("words are quoted for a shell only where they must be") {
  CHECK(sh_quote("a-b/c.d=1") == "a-b/c.d=1");
  CHECK(sh_quote("") == "''");
  CHECK(sh_quote("a b") == "'a b'");
  CHECK(sh_quote("it's") == "'it'\\''s'");
  CHECK(sh_quote("~") == "'~'");
}

TEST_CASE("JSON strings escape what they must") {
  CHECK(json_quote("a\"b\\c\n") == "\"a\\\"b\\\\c\\n\"");
  CHECK(json_quote(std::string_view("\x1b\0", 2)) == "\"\\u001b\\u0000\"");
  CHECK(json_quote("\xff"
                   "a\xc3\xa9") ==
        "\"\xef\xbf\xbd"
        "a\xc3\xa9\"");
}

TEST_CASE("the nearest word is found, and none where none is near") {
  Nearest nearest("hostnmae");
  for (const auto word : {"domainname", "hostname", "command"}) nearest.offer(word);
  CHECK(nearest.word() == "hostname");
  Nearest far("banana");
  for (const auto word : {"domainname", "hostname", "command"}) far.offer(word);
  CHECK(far.word().empty());
}
