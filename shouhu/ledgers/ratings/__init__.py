"""四色名单: computed colours, human decisions where the rules are silent, overrides, objections (001 二(二)二是)."""
