/// The only room that knows yaml-cpp: its events become calls of the Builder, its exceptions findings.

#include "load/yaml.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <istream>
#include <streambuf>

#include "load/builder.h"
#include "load/text_check.h"
#include "load/yaml_errors.h"

namespace pidns::yaml {
namespace {

/// A view as a stream, without a copy.
class ViewBuffer : public std::streambuf {
 public:
  explicit ViewBuffer(std::string_view text) {
    // The get area is never written to; the interface predates const.
    char* begin = const_cast<char*>(text.data());
    setg(begin, begin, begin + text.size());
  }
};

/// Thrown through yaml-cpp to stop it; the finding has been made.
struct Stop {};

class Events final : public YAML::EventHandler {
 public:
  Events(Builder& builder, std::uint32_t offset) : builder_(builder), offset_(offset) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { go(builder_.null(at(mark), anchor)); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override { go(builder_.alias(at(mark), anchor)); }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    go(builder_.scalar(at(mark), tag, anchor, value));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override {
    go(builder_.open(Kind::list, at(mark), tag, anchor, style == YAML::EmitterStyle::Flow));
  }
  void OnSequenceEnd() override { go(builder_.close()); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    go(builder_.open(Kind::map, at(mark), tag, anchor, style == YAML::EmitterStyle::Flow));
  }
  void OnMapEnd() override { go(builder_.close()); }

 private:
  [[nodiscard]] std::uint32_t at(const YAML::Mark& mark) const noexcept {
    return static_cast<std::uint32_t>(mark.pos) + offset_;
  }
  static void go(bool on) {
    if (!on) throw Stop{};
  }

  Builder& builder_;
  std::uint32_t offset_;
};

/// A second document ends the reading where it begins.
class SecondDocument final : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark& mark) override { throw mark; }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t, const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}
};

/// All of yaml-cpp's exceptions end here.
bool read(const SourceFile& source, Builder& builder, Diagnostics& diagnostics) {
  std::string_view text = source.text();
  const auto offset = static_cast<std::uint32_t>(text.starts_with(utf8_mark) ? utf8_mark.size() : 0);
  text.remove_prefix(offset);
  try {
    ViewBuffer buffer(text);
    std::istream stream(&buffer);
    YAML::Parser parser(stream);
    Events events(builder, offset);
    if (!parser.HandleNextDocument(events)) return true;
    SecondDocument second;
    parser.HandleNextDocument(second);
    return true;
  } catch (const Stop&) {
  } catch (const YAML::Mark& mark) {
    report_second_document(source, static_cast<std::uint32_t>(mark.pos) + offset, diagnostics);
  } catch (const YAML::Exception& error) {
    const bool nowhere = error.mark.is_null();
    report_syntax(source, nowhere ? offset : static_cast<std::uint32_t>(error.mark.pos) + offset, error.msg,
                  diagnostics);
  }
  return false;
}

Place first_of(const Node& root) {
  const Span span{root.span.begin, root.span.end};
  return {span, span, {}};
}

}  // namespace

std::optional<Document> parse(const SourceFile& source, Diagnostics& diagnostics) {
  if (!check_text(source, diagnostics)) return std::nullopt;
  Builder builder(source, diagnostics);
  if (!read(source, builder, diagnostics)) return std::nullopt;
  Document document = builder.take();
  const bool empty = document.root == no_node || document.node(document.root).style == Style::null;
  if (empty) {
    diagnostics.error(Code::empty_spec, {}, "the spec is empty").fix =
        "pidns: 1\nunshare: [pid, mount]\nmount-proc: true\ncommand: [bash]";
    return std::nullopt;
  }
  const Node& root = document.node(document.root);
  if (root.kind != Kind::map) {
    auto& found = diagnostics.error(
        Code::not_a_map, first_of(root),
        root.kind == Kind::list ? "a spec is a map, not a list" : "a spec is a map, not a single value");
    found.fix = "pidns: 1\ncommand: [bash]";
    return std::nullopt;
  }
  return document;
}

}  // namespace pidns::yaml
