"""The native program against the hardware and the joint program: native gates, coupled places, the same effect."""
