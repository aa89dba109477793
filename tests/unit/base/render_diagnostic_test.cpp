#include <catch2/catch.hpp>

#include "base/diagnostic.h"

using namespace pidns;

TEST_CASE("a finding is drawn with its line, labels and notes") {
  const SourceFile source("lab.yaml", "pidns: 1\nunshare: [pid, mount]\nhostname: web\n");
  Diagnostics diagnostics;
  auto& found =
      diagnostics.error(Code::needs_namespace, {{31, 39}, {41, 44}, {}}, "`hostname` needs a new uts namespace");
  found.labels.push_back({{18, 30}, "`uts` would go here"});
  found.why = "without a uts namespace of its own, sethostname(2) would rename the node around it";
  found.fix = "unshare: [pid, mount, uts]";
  CHECK(render_diagnostic(source, found, {}) ==
        "lab.yaml:3:1: error[P012]: `hostname` needs a new uts namespace\n"
        "   |\n"
        " 2 | unshare: [pid, mount]\n"
        "   |          ------------ `uts` would go here\n"
        " 3 | hostname: web\n"
        "   | ^^^^^^^^\n"
        "   = why: without a uts namespace of its own, sethostname(2) would rename the node around it\n"
        "   = try: unshare: [pid, mount, uts]\n");
}

TEST_CASE("a merged value shows where it was merged") {
  const SourceFile source("a.yaml", "x-a: &a\n  init: 1\nn:\n  <<: *a\n");
  Diagnostics diagnostics;
  const auto& found = diagnostics.error_at_value(Code::needs_namespace, {{10, 14}, {16, 17}, {23, 25}}, "wrong");
  CHECK(render_diagnostic(source, found, {}) ==
        "a.yaml:2:9: error[P012]: wrong\n"
        "   |\n"
        " 2 |   init: 1\n"
        "   |         ^\n"
        " 4 |   <<: *a\n"
        "   |   -- merged here\n");
}

TEST_CASE("nothing of a hostile spec reaches the terminal as it is") {
  const SourceFile source("a\x1b[2J.yaml", "a: \x1b[31m\xe2\x80\xae \xff\t\xc3\xa9 x\n");
  Diagnostics diagnostics;
  const auto& found = diagnostics.error(Code::needs_namespace, {{16, 17}, {16, 17}, {}}, "odd \x1b]0;title\x07 text");
  const std::string drawn = render_diagnostic(source, found, {false, true});
  for (const char c : drawn) CHECK((c == '\n' || static_cast<unsigned char>(c) >= 0x20));
  CHECK(drawn.find("\xe2\x80\xae") == std::string::npos);
  CHECK(drawn.find("\xff") == std::string::npos);
}

TEST_CASE("long lines are cut around the carets to 100 columns") {
  const std::string text = "key: [" + std::string(300, 'a') + ", HERE, " + std::string(300, 'b') + "]\n";
  const SourceFile source("a.yaml", text);
  Diagnostics diagnostics;
  const auto at = static_cast<std::uint32_t>(text.find("HERE"));
  const auto& found = diagnostics.error(Code::needs_namespace, {{at, at + 4}, {}, {}}, "wrong");
  const std::string drawn = render_diagnostic(source, found, {});
  std::size_t caret = 0;
  std::size_t here = 0;
  for (std::size_t begin = 0; begin < drawn.size();) {
    const std::size_t end = drawn.find('\n', begin);
    CHECK(end - begin <= 100);
    const std::string line = drawn.substr(begin, end - begin);
    if (line.find("^^^^") != std::string::npos) caret = line.find("^^^^");
    if (line.find("HERE") != std::string::npos) here = line.find("HERE");
    begin = end + 1;
  }
  CHECK(caret != 0);
  CHECK(caret == here);
}

TEST_CASE("findings are counted with right plurals") {
  Diagnostics diagnostics;
  CHECK(count_findings(diagnostics).empty());
  diagnostics.error(Code::unknown_key, {}, "a");
  CHECK(count_findings(diagnostics) == "1 error");
  diagnostics.warning(Code::needs_namespace, {}, "b");
  diagnostics.warning(Code::needs_namespace, {}, "c");
  CHECK(count_findings(diagnostics) == "1 error, 2 warnings");
  diagnostics.promote_warnings();
  CHECK(count_findings(diagnostics) == "3 errors");
}
