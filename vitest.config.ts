import { defineConfig } from "vitest/config";

const shared = {
  expect: { requireAssertions: true },
  restoreMocks: true,
  silent: "passed-only",
  unstubEnvs: true,
  sequence: { shuffle: { files: false, tests: true } },
} as const;

/** Tests that drive the real Pulumi engine, and take their time. */
const engineTests = "test/rehearsal/scenarios/**/*.test.ts";

/** Tests that let things go wrong, time and again: minutes each. */
const faultTests = "test/rehearsal/scenarios/faults/**/*.test.ts";

export default defineConfig({
  test: {
    // By default one core is left for watching, and the longest files would run one after the other.
    maxWorkers: 2,
    projects: [
      { test: { ...shared, name: "unit", include: ["test/**/*.test.ts"], exclude: [engineTests] } },
      {
        test: {
          ...shared,
          name: "engine",
          include: [engineTests],
          exclude: [faultTests],
          globalSetup: "test/rehearsal/scenarios/getEngine.ts",
          testTimeout: 120_000,
        },
      },
      {
        test: {
          ...shared,
          name: "faults",
          include: [faultTests],
          globalSetup: "test/rehearsal/scenarios/getEngine.ts",
          testTimeout: 600_000,
        },
      },
    ],
  },
});
