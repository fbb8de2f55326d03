import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";
import type { Planned } from "./timeline/deadlocks.ts";

/** Records what the program registers; the state shows only what was created. */
export function recorded(program: PulumiFn, planned: Planned[]): PulumiFn {
  return async () => {
    const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
    const register = monitor.registerResource.bind(monitor);
    monitor.registerResource = (request, ...rest) => {
      const one = request.toObject();
      const dependsOn = new Set([
        ...one.dependenciesList,
        ...one.propertydependenciesMap.flatMap(([, { urnsList }]) => urnsList),
      ]);
      const [done] = rest.slice(-1) as [(error: unknown, response?: { getUrn(): string }) => void];
      const note = (error: unknown, response?: { getUrn(): string }) => {
        const urn = response?.getUrn();
        // The preview alone shows all: a later run registers nothing that comes after a failure.
        if (urn !== undefined && pulumi.runtime.isDryRun()) {
          planned.push({ urn, type: one.type, parent: one.parent, dependsOn: [...dependsOn] });
        }
        done(error, response);
      };
      return register(request, ...rest.slice(0, -1), note);
    };
    return program();
  };
}

interface Monitor {
  registerResource(
    request: {
      toObject(): {
        type: string;
        parent: string;
        dependenciesList: string[];
        propertydependenciesMap: [string, { urnsList: string[] }][];
      };
    },
    ...rest: unknown[]
  ): unknown;
}
