"""An action plan (方案) becomes a typed plan: papers are read, mended, split and outlined, then what they ask for is extracted."""
