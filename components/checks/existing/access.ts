import type { Problem } from "../../values/problem.ts";
import { groupedBy } from "./nodeGroups.ts";
import type { Access, ClusterSnapshot } from "./snapshot.ts";

/** What could not be read is unknown, and does not pass; what would be written and may not be is said now. */
export function accessProblems({ unread, forbidden }: ClusterSnapshot): Problem[] {
  return [
    ...unread.map((one) => ({
      path: accessText(one),
      found: `unknown: ${one.why}`,
      needs: "what cannot be read cannot be checked",
      fix:
        one.resource === ""
          ? `Allow ${one.verb}, or see that AWS can be reached`
          : `Allow ${accessText(one)}`,
    })),
    ...groupedBy(forbidden, ({ resource, namespace }) => JSON.stringify([resource, namespace])).map(
      ([, group]) => {
        const [first] = group;
        const verbs = group.map(({ verb }) => verb).join(", ");
        const text = accessText({ ...first, verb: verbs, resource: first?.resource ?? "" });
        return {
          path: text,
          found: "it is not permitted",
          needs: "this program would get stuck half-way",
          fix: `Allow ${text}`,
        };
      },
    ),
  ];
}

function accessText({ verb, resource, namespace }: Access): string {
  const what = resource === "" ? verb : `${verb} ${resource}`;
  return namespace === undefined ? what : `${what} in ${namespace}`;
}
