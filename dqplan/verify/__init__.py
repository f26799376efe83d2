"""Emitted text -> Verdict: legal, recounted, equivalent; knows nothing of solve and split."""
