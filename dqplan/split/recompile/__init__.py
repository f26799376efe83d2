"""Program -> Native: each module's part in its native gates, between the places that its coupling map joins."""
