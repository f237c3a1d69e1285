#!/bin/sh
# prerm: says in time what would be harder to take back without us.
set -e

if [ "$1" = remove ] && [ -e /var/lib/kubernetes-hello-world ] && [ -e /snap/microk8s ]; then
  echo "MicroK8s stays installed. To take it back as Setup found the machine, install this package again and run: khw setup undo"
fi
