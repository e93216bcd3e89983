# $1: folder to unpack into, $2: where it goes when it is complete.
set -euo pipefail
fresh=$1 root=$2
tools=$(mktemp -d)
trap 'rm -rf "$tools" "$fresh"' EXIT
rm -rf "$fresh"
mirror=$(apt-get indextargets --format '$(REPO_URI)' | grep -m1 '/debian/$')
chmod 755 "$tools"
cd "$tools"
apt-get download -q mmdebstrap
dpkg -x mmdebstrap_*.deb .
perl usr/bin/mmdebstrap --quiet --mode=root --variant=extract \
    --include=swiftlang,libc6-dev,libstdc++-14-dev,tzdata,base-files,dash,bash,coreutils \
    trixie "$fresh" "$mirror"
for link in lib lib64 bin sbin; do
    [ -e "$fresh/$link" ] || ln -s "usr/$link" "$fresh/$link"
done
# Half of the tree that neither compiling nor testing needs.
cd "$fresh/usr/libexec/swift"
rm -rf bin/lldb* bin/clangd bin/docc bin/sourcekit-lsp lib/liblldb* lib/libsourcekitd* lib/swift_static
rm -rf "$fresh"/usr/share/{doc,man,locale,info} "$fresh"/var/lib/apt/lists
mkdir -p "$(dirname "$root")"
mv "$fresh" "$root"
