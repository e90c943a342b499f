# Shared by the scripts: where we are, how we speak, and how a missing system package is met.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
venv="$root/.venv"
PATH="$venv/bin:$PATH"
export PATH

say() { printf '== %s\n' "$*" >&2; }
fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

# Install Debian packages, as root or by sudo that asks nothing; otherwise say the exact command and stop.
apt_install() {
  local as=() log
  if [ "$(id -u)" -ne 0 ]; then
    if ! sudo -n true 2>/dev/null; then
      fail "缺少系统软件包，请运行 / System packages are missing, please run: sudo apt-get install --no-install-recommends $*"
    fi
    as=(sudo -n)
  fi
  command -v apt-get >/dev/null || fail "需要 apt-get 或自行安装 / Neither apt-get nor these packages are here: $*"
  say "installing system packages: $*"
  log=$(mktemp)
  "${as[@]}" apt-get update -qq >"$log" 2>&1 ||
    { tail -n 5 "$log" >&2 && fail "apt-get update 失败，请检查网络 / apt-get update failed; check the network and run again."; }
  "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >"$log" 2>&1 </dev/null ||
    { tail -n 5 "$log" >&2 && fail "安装失败 / Installing failed, please run: sudo apt-get install --no-install-recommends $*"; }
  rm -f "$log"
}

# A step is skipped while the files it depends on are as they were when it last ended well.
stamp_of() { cat "$@" | sha256sum | cut -d' ' -f1; }
is_done() { [ -f "$venv/.done-$1" ] && [ "$(cat "$venv/.done-$1")" = "$2" ]; }
mark_done() { printf '%s' "$2" >"$venv/.done-$1"; }
