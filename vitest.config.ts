import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    expect: { requireAssertions: true },
    restoreMocks: true,
    silent: "passed-only",
    unstubEnvs: true,
    sequence: { shuffle: { files: false, tests: true } },
  },
});
