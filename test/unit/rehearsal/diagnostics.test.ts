import { describe, expect, it } from "vitest";
import { readable } from "../../rehearsal/diagnostics.ts";

const trace = `Unhandled exception: Error: error serializing property "outputs": failed to register new resource tigera-operator [kubernetes:helm.sh/v4:Chart]: 2 UNKNOWN: resource monitor shut down
    at Object.registerResource (/project/node_modules/@pulumi/pulumi/runtime/resource.js:413:27)`;
const chart =
  'kubernetes:helm.sh/v4:Chart resource \'tigera-operator\' has a problem: unable to locate the chart: looks like "https://charts.example.com" is not a valid chart repository or cannot be reached: Get "https://charts.example.com/index.yaml": dial tcp: lookup charts.example.com: no such host';
const of = (...messages: string[]) => messages.map((message) => ({ urn: "", message }));

describe("Errors of the engine", () => {
  it("are one line with the repository and what to do, when the chart cannot be reached", () => {
    expect(readable(of(chart, trace))).toEqual(
      of(
        'calico.chartRepository: the chart could not be downloaded from https://charts.example.com (Get "https://charts.example.com/index.yaml": dial tcp: lookup charts.example.com: no such host); check the address from this machine, or set a repository that it can reach, https:// or oci://',
      ),
    );
  });

  it("name the setting of the other charts when it is not Calico's", () => {
    const other = chart.replace("'tigera-operator'", "'aws-load-balancer-controller'");

    expect(readable(of(other))[0]?.message).toMatch(
      /^charts\.repository: the chart could not be downloaded from https:/,
    );
  });

  it("keep a stack trace of the program's own, and one that stands alone", () => {
    const own = "Unhandled exception: TypeError: undefined is not a function";

    expect(readable(of(own))).toEqual(of(own));
    expect(readable(of(trace))).toEqual(of(trace));
  });

  it("stay as they are otherwise", () => {
    const other = "kubernetes:helm.sh/v4:Chart resource 'x' has a problem: execution error: no such value";

    expect(readable(of(other, "a second"))).toEqual(of(other, "a second"));
  });
});
