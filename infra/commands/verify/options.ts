import type { Command } from "../shared/arguments.ts";
import { clusterOptions } from "./clusterOptions.ts";

/** `npm run verify` and its options. A new one needs a row here and a line in `parseVerify`. */
export const verify: Command = {
  command: "npm run verify --",
  name: "verify",
  about: "Proves on a running cluster that its data path is Calico eBPF, and that it works.",
  options: {
    ...clusterOptions,
    only: {
      value: "CHECKS",
      isList: true,
      says: "these checks alone, with commas between; any number of times",
      example: "--only kernel,ebpf-mode",
    },
    list: { says: "print every check, what it needs and where its fact is from", example: "--list" },
    wait: {
      value: "TIME",
      isDuration: true,
      says: "begin anew until all passes, for so long (default: one look)",
      example: "--wait 10m --count 3",
    },
    count: {
      value: "N",
      isNumber: true,
      says: "looks in a row that have to pass (default: 1)",
      example: "--count 3",
    },
    concurrency: {
      value: "N",
      isNumber: true,
      says: "requests under way at one time (default: 16)",
      example: "--concurrency 4",
    },
    "image-registry": {
      value: "HOST",
      says: "pull the images of the probes from this mirror, under the paths that they have at registry.k8s.io",
      example: "--image-registry 123456789012.dkr.ecr.eu-west-1.amazonaws.com",
    },
    "allow-unknown": {
      says: "exit with 0 although a check could not be run",
      example: "--stack dev --allow-unknown",
    },
    junit: { value: "FILE", says: "write the outcome as JUnit XML", example: "--junit verify.xml" },
    json: { value: "FILE", says: "write the outcome for machines, as JSON", example: "--json verify.json" },
  },
  example: "--stack dev --wait 10m --count 3",
};
