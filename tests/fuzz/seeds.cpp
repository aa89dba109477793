/// fuzz_seeds FOLDER: the specs of the pages as files in FOLDER/seeds, and the words of the language as
/// FOLDER/words.dict, from the tables that the program itself reads by.

#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include "base/signal_name.h"
#include "explain/pages.h"
#include "load/fields.h"

namespace {

using namespace pidns;
namespace fs = std::filesystem;

void write(const fs::path& path, std::string_view text) { std::ofstream(path, std::ios::binary) << text; }

void write_seeds(const fs::path& folder) {
  fs::create_directories(folder);
  for (const CodeInfo& info : codes()) {
    const Page* page = find_page(info.code);
    if (page == nullptr) continue;
    write(folder / (code_text(info.code) + "-wrong.yaml"), page->wrong);
    write(folder / (code_text(info.code) + "-right.yaml"), page->right);
  }
}

/// The words of a shape and of what it is made of.
class Words {
 public:
  std::set<std::string_view> all;

  void add(const Shape& shape) {
    if (const auto* word = std::get_if<shape::Word>(&shape.is)) all.insert(word->words.begin(), word->words.end());
    if (const auto* list = std::get_if<shape::ListOf>(&shape.is)) add(*list->element);
    if (const auto* either = std::get_if<shape::OneOf>(&shape.is))
      for (const Shape* one : either->shapes) add(*one);
    if (const auto* map = std::get_if<shape::MapOf>(&shape.is)) {
      all.insert(map->keys.begin(), map->keys.end());
      add(*map->value);
    }
  }
};

void entry(std::ofstream& out, std::string_view text) {
  out << '"';
  constexpr char digits[] = "0123456789ABCDEF";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte > 0x7e || c == '"' || c == '\\')
      out << "\\x" << digits[byte >> 4U] << digits[byte & 15U];
    else
      out << c;
  }
  out << "\"\n";
}

void write_words(const fs::path& path) {
  std::ofstream out(path, std::ios::binary);
  Words words;
  for (const Field& field : fields()) {
    entry(out, "\n" + std::string(field.name) + ": ");
    words.add(*field.shape);
  }
  for (const auto word : words.all) entry(out, word);
  for (const auto word : {"TERM", "SIGRTMIN+3", "CAP_NET_RAW", "true", "false", "null", "1h30m", "-10d", "\"0700\""})
    entry(out, word);
  for (const auto word : {"net.ipv4.ip_forward", "kernel.shmmax", "/proc", "/tmp", "ro", "rbind", "size=1m", "gid=5"})
    entry(out, word);
  for (const auto sign : {": ", "- ", "\n- ", "[", "]", "{", "}", ", ", "&a ", "*a", "<<: *a", "|\n", ">-\n", "'", "\"",
                          "# ", "---", "...", "!!str ", "? ", "%YAML 1.2\n", "\t", "\n  ", "\\u0000", "\xef\xbb\xbf"})
    entry(out, sign);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  write_seeds(fs::path(argv[1]) / "seeds");
  write_words(fs::path(argv[1]) / "words.dict");
  return 0;
}
