#!/usr/bin/env bash
# node-base.sh NAME [PLATFORM]: builds the image NAME from this machine's Node and its libraries, if no base image can be pulled.
# With another PLATFORM, such as linux/arm64, the image has its name only: no program of it runs.
set -euo pipefail
context=$(mktemp -d)
trap 'rm -rf "$context"' EXIT
root=$context/root
node=$(node -p process.execPath)
install -D "$node" "$root/usr/local/bin/node"
ldd "$node" | grep -o '/[^ ]*' | while read -r library; do install -D "$library" "$root$library"; done
install -d "$root/etc" "$root/app"
install -d -m 1777 "$root/tmp"
echo 'nobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin' > "$root/etc/passwd"
echo 'nobody:x:65534:' > "$root/etc/group"
printf 'FROM scratch\nCOPY root /\n' > "$context/Dockerfile"
podman build --quiet --isolation=chroot ${2:+--no-cache --platform "$2"} --tag "$1" "$context"
