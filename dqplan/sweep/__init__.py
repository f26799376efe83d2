"""Many (circuit, hardware, options, seed) -> a table with what each plan costs, on Dask."""
