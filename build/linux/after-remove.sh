#!/bin/sh
# postrm: takes away what the postinst made, and at a purge what Setup's helper kept for itself.
set -e

profile=/etc/apparmor.d/kubernetes-hello-world
case "$1" in
  remove | purge)
    if [ -e "$profile" ]; then
      if command -v apparmor_parser >/dev/null && aa-status --enabled >/dev/null 2>&1 && ! ischroot 2>/dev/null; then
        apparmor_parser --remove "$profile" >/dev/null 2>&1 || true
      fi
      rm -f "$profile"
    fi
    ;;
esac

if [ "$1" = purge ]; then
  # Root's copy of the bundle, and its own notes.
  rm -rf /var/lib/kubernetes-hello-world
  # What MicroK8s needs stays with it: forwarding, and the rules for its Pods.
  if [ ! -e /snap/microk8s ]; then
    unit=kubernetes-hello-world-forward.service
    if [ -e "/etc/systemd/system/$unit" ]; then
      systemctl disable --now "$unit" >/dev/null 2>&1 || true
      rm -f "/etc/systemd/system/$unit"
      systemctl daemon-reload >/dev/null 2>&1 || true
    fi
    rm -f /etc/sysctl.d/99-kubernetes-hello-world.conf
  elif [ -e /etc/sysctl.d/99-kubernetes-hello-world.conf ] || [ -e /etc/systemd/system/kubernetes-hello-world-forward.service ]; then
    echo "MicroK8s is still installed; its forwarding settings were left for it:"
    ls /etc/sysctl.d/99-kubernetes-hello-world.conf /etc/systemd/system/kubernetes-hello-world-forward.service 2>/dev/null || true
  fi
fi
