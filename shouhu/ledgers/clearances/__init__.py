"""清零行动: the ledger of unregistered sites, one named person each, until the count is zero (001 二(二)四是)."""
