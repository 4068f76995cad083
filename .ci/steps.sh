# What `.ci/run` and `.ci/nightly` share; they source it in the repository's root.

# Brings what npm cannot. Once it has run, nothing that could have been prepared is skipped: see requireBrowser in
# packages/browser-testing.
prepare_machine() {
  local missing=()
  command -v chromium >/dev/null || missing+=(chromium) # for the browser tests
  command -v g++ >/dev/null || missing+=(g++) # for the native backend's addon
  python3 -m pip --version >/dev/null 2>&1 || missing+=(python3-pip) # for the native backend's library
  if ((${#missing[@]} > 0)); then
    echo "installing ${missing[*]}"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  fi
  export MAXENT_REQUIRE_BROWSER=1
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
    packages/agents/src/sac packages/agents/src/conformance apps/lab/src/bench/native-process
}

# The paths in .ci/engine-tests.
engine_tests() {
  local paths
  mapfile -t paths < <(sed 's/#.*//' .ci/engine-tests | tr -s ' ' '\n' | grep .)
  vitest --typecheck.enabled=false "${paths[@]}"
}
