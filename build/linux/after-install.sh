#!/bin/sh
# postinst: gives Chromium's sandbox what this system wants for it. All else is in the package itself.
set -e

case "$1" in
  configure | abort-upgrade | abort-remove | abort-deconfigure) ;;
  *) exit 0 ;;
esac

app=/opt/kubernetes-hello-world
source=$app/resources/apparmor-profile
profile=/etc/apparmor.d/kubernetes-hello-world
sandbox=$app/chrome-sandbox

setting() { cat "/proc/sys/$1" 2>/dev/null || echo "$2"; }

# An AppArmor that does not know this kind of profile (Ubuntu 22.04) needs none; a file that it cannot read would trouble each boot.
is_confined=no
if command -v apparmor_parser >/dev/null && apparmor_parser --skip-kernel-load --skip-cache "$source" >/dev/null 2>&1; then
  mkdir -p /etc/apparmor.d
  cp "$source" "$profile.new"
  chmod 644 "$profile.new"
  mv "$profile.new" "$profile"
  # Not in a chroot where an image is being made: it is loaded with the first boot there.
  if aa-status --enabled >/dev/null 2>&1 && ! ischroot 2>/dev/null; then
    apparmor_parser --replace --write-cache --skip-read-cache "$profile" && is_confined=yes
  fi
else
  rm -f "$profile"
fi

# Chromium makes its sandbox by user namespaces; only where these are refused does it need a program that is root.
mode=0755
if [ "$(setting user/max_user_namespaces 1)" = 0 ] || [ "$(setting kernel/unprivileged_userns_clone 1)" = 0 ]; then
  mode=4755
elif [ "$(setting kernel/apparmor_restrict_unprivileged_userns 0)" = 1 ] && [ "$is_confined" = no ]; then
  mode=4755
fi
if [ -e "$sandbox" ]; then chmod "$mode" "$sandbox"; fi
