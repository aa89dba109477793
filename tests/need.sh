# Read by tests/run and examples/quickstart, from the folder that holds the tree.

# What a build takes; each a package of Debian 12.
build_packages="cmake ninja-build g++ libyaml-cpp-dev libcxxopts-dev libspdlog-dev libfmt-dev libexpected-dev
nlohmann-json3-dev"

# need PACKAGE...: installs what is missing of these, and calls neither apt nor sudo where nothing is.
need() {
  missing=
  for package; do
    case $(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) in
      installed) ;;
      *) missing="$missing $package" ;;
    esac
  done
  if [ -z "$missing" ]; then
    echo "packages: all $# are installed"
    return 0
  fi
  as_root=
  if [ "$(id -u)" != 0 ]; then
    as_root=sudo
    if ! command -v sudo >/dev/null; then
      echo "packages: missing are$missing; install them as root, or install sudo" >&2
      return 1
    fi
  fi
  echo "packages: installing$missing"
  $as_root apt-get update -qq
  # shellcheck disable=SC2086 # a list of words
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
}

# build CMAKE-OPTION...: configures and builds the release preset.
build() {
  cache=build/release/CMakeCache.txt
  # A tree that was moved or copied: what is cached there names the old place.
  if [ -f "$cache" ] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$(pwd -P)" "$cache"; then
    rm -rf build/release
  fi
  echo "building: build/release/pidns"
  mkdir -p build
  if [ ! -w build ]; then
    echo "building: $PWD/build is not writable for $(id -un); remove it, or build as its owner" >&2
    return 1
  fi
  if ! { cmake --preset release "$@" && cmake --build --preset release -j "$(nproc)"; } >build/release.log 2>&1; then
    cat build/release.log
    return 1
  fi
}
