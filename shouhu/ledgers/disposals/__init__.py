"""分类处置: the measures that a colour demands, their evidence, refunds, 销号, and the 清零行动 (001 二(二)三是, 四是)."""
