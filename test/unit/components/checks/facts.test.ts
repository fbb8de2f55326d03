import { describe, expect, it } from "vitest";
import { amis, releaseKernels } from "../../../../components/facts/amis.ts";
import { felixFields } from "../../../../components/facts/felixFields.ts";
import { ports } from "../../../../components/facts/ports.ts";
import {
  type CalicoVersion,
  calicoVersions,
  endedKubernetesVersions,
  kernelFloors,
  knownBadKernels,
  kubernetesVersions,
} from "../../../../components/facts/versions.ts";
import { excludedZones } from "../../../../components/specs/subnets.ts";
import { compareVersions, kernelVersion, parseKernel } from "../../../../components/values/versions.ts";

const calicoRows: readonly (readonly [string, CalicoVersion])[] = Object.entries(calicoVersions);
const minors = Object.keys(kubernetesVersions);

describe("facts agree with each other", () => {
  it.each(calicoRows)("Calico %s is tested with Kubernetes versions that have a row", (_, row) => {
    expect(row.kubernetes.filter((minor) => !minors.includes(minor))).toEqual([]);
    expect(Object.keys(kernelFloors)).toContain(row.kernelFloor);
  });

  it.each(minors)("Kubernetes %s has a Calico release, and a kernel in every family", (minor) => {
    const tested = calicoRows.filter(([, row]) => row.kubernetes.some((one) => one === minor));

    expect(tested).not.toEqual([]);
    for (const { kernelSeries } of Object.values(amis)) expect(Object.keys(kernelSeries)).toContain(minor);
  });

  it("a known-bad Calico names a newer release that has a row and is sound", () => {
    for (const [version, { knownBad = [] }] of calicoRows) {
      for (const { fixedIn, cni } of knownBad) {
        const fixed: CalicoVersion | undefined = Object.fromEntries(calicoRows)[fixedIn];
        expect(compareVersions(fixedIn, version)).toBeGreaterThan(0);
        expect(fixed).toBeDefined();
        // For clusters that the reason is for: another one may be for the VPC CNI's alone.
        expect(fixed?.knownBad?.filter((one) => one.cni === "any" || one.cni === cni) ?? []).toEqual([]);
      }
    }
  });

  it("no Kubernetes version is both offered and ended", () => {
    expect(Object.keys(endedKubernetesVersions).filter((minor) => minors.includes(minor))).toEqual([]);
  });

  it.each(Object.entries({ ...kubernetesVersions, ...endedKubernetesVersions }))(
    "Kubernetes %s ends its extended support after its standard one",
    (_, { standardUntil, extendedUntil }) => {
      expect(standardUntil).toMatch(/^20\d\d-\d\d-\d\d$/);
      expect(extendedUntil > standardUntil).toBe(true);
    },
  );

  it.each(Object.entries(amis))("%s shows a release in its own format, and in no other's", (family, ami) => {
    const families = Object.entries(amis)
      .filter(([, { releasePattern }]) => new RegExp(releasePattern).test(ami.releaseExample))
      .map(([name]) => name);

    expect(families).toEqual([family]);
  });

  it.each(Object.entries(releaseKernels))(
    "AL2023's release %s has a kernel of its series",
    (release, kernel) => {
      const minor = new RegExp(amis.AL2023.releasePattern).exec(release)?.groups?.["kubernetes"] ?? "";
      const parsed = parseKernel(kernel);

      expect(parsed?.distribution).toBe("Amazon Linux 2023");
      expect(parsed && kernelVersion(parsed).split(".").slice(0, 2).join(".")).toBe(
        Object.entries(amis.AL2023.kernelSeries).find(([one]) => one === minor)?.[1],
      );
    },
  );

  it("every SSM parameter has the two places to fill in", () => {
    for (const { releaseParameter } of Object.values(amis)) {
      expect(releaseParameter).toContain("{kubernetes}");
      expect(releaseParameter).toContain("{architecture}");
    }
  });

  it.each(Object.entries(ports))("port %s has a description that EC2 takes", (_, { why }) => {
    expect(why).toMatch(/^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]{1,255}$/);
  });

  it("every fault ends: its ranges and its fixes agree", () => {
    for (const { calico, fixedIn } of Object.values(knownBadKernels)) {
      const fixes: readonly string[] = fixedIn;
      expect(calico.map(({ below }) => below).filter((version) => !fixes.includes(version))).toEqual([]);
    }
  });

  it("excluded zones are ids of their regions", () => {
    expect(Object.entries(excludedZones).map(([id, { region }]) => `${id} ${region}`)).toEqual([
      "use1-az3 us-east-1",
      "usw1-az2 us-west-1",
      "cac1-az3 ca-central-1",
    ]);
  });

  it("an owned field says what to write, without a full stop", () => {
    for (const { instead, reason } of Object.values(felixFields)) {
      expect(`${reason} ${instead}`).not.toContain(". ");
      expect(instead.endsWith(".")).toBe(false);
    }
  });
});
