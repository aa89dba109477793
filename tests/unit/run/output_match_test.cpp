#include "run/parent/output_match.h"

#include <catch2/catch.hpp>

using namespace pidns;

namespace {

bool finds(const char* expression, std::initializer_list<std::string_view> pieces) {
  OutputMatch match(expression);
  for (const std::string_view piece : pieces) match.take(piece);
  return match.found();
}

}  // namespace

TEST_CASE("an expression is looked for in each line, whatever pieces it comes in") {
  CHECK(finds("up", {"one\nit is up now\n"}));
  CHECK(finds("up", {"it is u", "p"}));
  CHECK(finds("^up$", {"one\nu", "p\n", "two\n"}));
  CHECK_FALSE(finds("up", {"u\np\n"}));
  CHECK_FALSE(finds("a.b", {"a\nb\n"}));
  CHECK_FALSE(finds("^up", {"not ", "up\n"}));
  CHECK(finds("port [0-9]+ open", {"port 80", "80 open\n"}));
}

TEST_CASE("a prompt needs no end of line, and a terminal's end is none of the line") {
  CHECK(finds("login: $", {"host login: "}));
  CHECK(finds("^up$", {"up\r\n"}));
  CHECK(finds("^up$", {"one\r\nup", "\r\n"}));
  CHECK_FALSE(finds("^up$", {"up\rdown\n"}));
}

TEST_CASE("what was found once stays so, and no expression is too hard to go on") {
  OutputMatch match("up");
  CHECK(match.take("up"));
  CHECK(match.take(" and down\n"));
  CHECK(finds("end$", {std::string(100000, 'x'), "end\n"}));
  CHECK_FALSE(finds("(x+x+)+y", {std::string(40, 'x') + "\n"}));
  CHECK(finds("(x+x+)+y", {std::string(40, 'x') + "y\n"}));
  CHECK(finds("(a|b)-\\1", {"a-b b-b\n"}));
  CHECK_FALSE(finds("(a|b)-\\1$", {"a-b\n"}));
  CHECK(finds("a(?=bc).*d", {"abcd\n"}));
}
