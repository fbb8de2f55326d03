import type { Call } from "../../simulator/world/interference.ts";

/** Messages of the faults, worded as the providers pass on those of the services. */

/** `aws:ec2/vpc:Vpc`, create → `creating ec2 Vpc (network)`. */
function doing({ operation, subject: { type, name } }: Call): string {
  const [, module = "", kind = ""] = type.split(":");
  return `${operation.replace(/e$/, "")}ing ${module.split("/")[0]} ${kind} (${name})`;
}

const responses: Readonly<Record<string, string>> = {
  aws: "https response error StatusCode: 503, api error ServiceUnavailable: Service is unable to handle request",
  kubernetes: "Internal error occurred: etcdserver: request timed out",
};

/** The service refuses the call, and nothing has happened. */
export function refused(call: Call): string {
  return `${doing(call)}: ${responses[call.provider] ?? "refused"}`;
}

/** Something has happened, but the caller gets no answer. */
export function answerLost(call: Call): string {
  return `${doing(call)}: request send failed: read tcp: connection reset by peer`;
}

export function timedOut(call: Call, seconds: number): string {
  return call.provider === "aws"
    ? `${doing(call)}: request send failed: context deadline exceeded (timeout: ${seconds / 60}m0s)`
    : `${doing(call)}: Timeout: request did not complete within requested timeout - context deadline exceeded`;
}
