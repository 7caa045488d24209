"""Things are broken while work is in flight: nothing accepted may be lost or doubled."""
