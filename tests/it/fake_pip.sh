#!/bin/sh
# Stands in for pip: `wheels/NAME==VERSION.whl` beside the link by which it is called are its
# packages, `asked` is its diary.
here=$(dirname "$0")
for word in "$@"; do
    [ "$previous" = "--dest" ] && folder=$word
    previous=$word
done
package=$previous
echo "$package" >>"$here/asked"
if [ ! -f "$here/wheels/$package.whl" ]; then
    echo "ERROR: No matching distribution found for $package" >&2
    exit 1
fi
cp "$here/wheels/$package.whl" "$folder/"
