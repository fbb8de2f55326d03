import { privateRanges } from "../facts/reservedRanges.ts";
import { within } from "./cidr.ts";
import { holdEverything, openRanges } from "./openRanges.ts";
import type { Problem } from "./problem.ts";
import type { Settings } from "./settings/settings.ts";
import { listed } from "./words.ts";

/** Rules on who reaches the API server and who may do what there. */
export function accessProblems({ cluster }: Settings): Problem[] {
  return [...everybody(cluster), ...privateAddresses(cluster), ...repeatedAdmins(cluster)];
}

function everybody({ publicAccessCidrs, allowPublicAnywhere }: Settings["cluster"]): Problem[] {
  if (allowPublicAnywhere) return [];
  return openRanges(publicAccessCidrs).map((cidrs) => {
    const [first = ""] = cidrs;
    const together = `${listed(cidrs)}${cidrs.length === 1 ? "" : " together"}`;
    const [opens, size] =
      cidrs.length === 1 ? ["opens", "is larger than a /8"] : ["open", "are more than a /8"];
    return {
      path: `cluster.publicAccessCidrs[${publicAccessCidrs.indexOf(first)}]`,
      found: holdEverything(cidrs)
        ? `${together} ${opens} the API server to everybody`
        : `${together} ${size}`,
      needs: holdEverything(cidrs)
        ? "that has to be asked for by name"
        : "access from more than an organisation's own addresses must be allowed by name",
      fix: "Write the ranges that need it, or set cluster.allowPublicAnywhere: true",
    };
  });
}

function privateAddresses({ publicAccessCidrs }: Settings["cluster"]): Problem[] {
  const isPrivate = (cidr: string) => privateRanges.some((range) => within(cidr, range));
  return atEach(publicAccessCidrs, "cluster.publicAccessCidrs", isPrivate, {
    found: (cidr) => `${cidr} holds private addresses`,
    needs: "the public endpoint sees public ones only, and EKS refuses others",
    fix: "Write the address that your network shows to the internet, or remove it: the VPC uses the private endpoint",
  });
}

function repeatedAdmins({ admins }: Settings["cluster"]): Problem[] {
  const isRepeated = (arn: string, index: number) => admins.indexOf(arn) < index;
  return atEach(admins, "cluster.admins", isRepeated, {
    found: (arn) => `${arn} is there twice`,
    needs: "EKS takes one access entry for each",
    fix: "Remove one",
  });
}

function atEach(
  values: readonly string[],
  path: string,
  applies: (value: string, index: number) => boolean,
  { found, needs, fix }: { found: (value: string) => string; needs: string; fix: string },
): Problem[] {
  return values.flatMap((value, index) =>
    applies(value, index) ? [{ path: `${path}[${index}]`, found: found(value), needs, fix }] : [],
  );
}
