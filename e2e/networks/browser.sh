#!/bin/sh
# The browser on the machine whose namespace is that of process $MACHINE.
exec nsenter --net="/proc/$MACHINE/ns/net" "$BROWSER" "$@"
