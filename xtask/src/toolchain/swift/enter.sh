root=$1 tree=$2 folder=$3
shift 3
mkdir -p "$root/proc" "$root/dev" "$root/tmp" "$root$tree"
mount -t proc proc "$root/proc"
for device in null zero random urandom; do
    [ -e "$root/dev/$device" ] || : > "$root/dev/$device"
    mount --bind "/dev/$device" "$root/dev/$device"
done
mount --bind "$tree" "$root$tree"
exec env -i PATH=/usr/libexec/swift/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LANG=C.UTF-8 FOLDER="$folder" \
    chroot "$root" /bin/sh -c 'cd "$FOLDER" && exec "$@"' sh "$@"
