"""Program -> Outlook: when everything happens, how long it takes when e-bits come at random, and how good it ends."""
