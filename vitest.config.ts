import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const shared = {
  expect: { requireAssertions: true },
  restoreMocks: true,
  silent: "passed-only",
  unstubEnvs: true,
  sequence: { shuffle: { files: false, tests: true } },
} as const;

/** Tests that drive the real Pulumi engine or another real tool, and take their time. */
const engineTests = "test/scenarios/**/*.test.ts";

/** Tests that let things go wrong, time and again: minutes each. */
const faultTests = "test/scenarios/faults/**/*.test.ts";

/** Tests that take minutes, longest first: begun last, one of them would run on alone. */
const longTests = [
  "realKubernetes/existing",
  "realKubernetes/waits",
  "realKubernetes/program",
  "faults/beginnings",
  "faults/killedLater",
  "faults/interrupted",
  "switching/everyTransition",
  "realKubernetes/existingRefused",
  "switching/upgrades",
  "faults/calls",
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = longTests.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
      return at === -1 ? longTests.length : at;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}

/** Tests on packets, in one lab after the other; they need root. */
const dataPathTests = "test/scenarios/dataPath/*.test.ts";

/** Further attempts of what starts real processes, which a busy machine may starve. What fails three times is wrong. */
const busyMachine = 2;

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    // By default one core is left for watching, and the longest files would run one after the other. `npm run test:engine`
    // takes three: its tests wait more than they compute (on two cores 11 minutes instead of 14). With four, the real API
    // servers answer too late, and tests are tried again.
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...shared,
          name: "unit",
          include: ["test/unit/**/*.test.ts"],
          // Half of the time went into loading the SDKs anew for each file. The project's own modules still are.
          isolate: false,
        },
      },
      {
        test: {
          ...shared,
          name: "engine",
          include: [engineTests],
          exclude: [faultTests, dataPathTests],
          globalSetup: "test/scenarios/getEngine.ts",
          retry: busyMachine,
          testTimeout: 120_000,
        },
      },
      {
        test: {
          ...shared,
          name: "faults",
          include: [faultTests],
          globalSetup: "test/scenarios/getEngine.ts",
          retry: busyMachine,
          testTimeout: 900_000,
        },
      },
      {
        test: {
          ...shared,
          name: "dataPath",
          include: [dataPathTests],
          globalSetup: "test/scenarios/dataPath/getPrograms.ts",
          // One lab serves the tests of a file, which are steps of one walk.
          sequence: { shuffle: false },
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
