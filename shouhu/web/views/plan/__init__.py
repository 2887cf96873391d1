"""From a plan's file to a campaign: handed in, looked through, bound to year and units, adopted; sub-plans matched."""
