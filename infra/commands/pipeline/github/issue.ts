import type { Surroundings } from "../surroundings.ts";
import { gh, ghList, ownLogin, repository, runUrl } from "./gh.ts";
import { readSections, writeSections } from "./sections.ts";

const marker = "<!-- calico-ebpf-eks drift -->";
const title = "AWS and the stacks differ";

interface Issue {
  readonly number: number;
  readonly body: string | null;
  readonly user: { readonly login: string };
  /** Only pull requests have it. */
  readonly pull_request?: unknown;
}

/**
 * Keeps the one issue about drift: opens it with the first stack that differs, writes a section per stack, and closes it
 * when no stack differs any more.
 * @param text undefined: the stack does not differ
 */
export async function reportDrift(
  around: Surroundings,
  stack: string,
  text: string | undefined,
): Promise<void> {
  const repo = `repos/${repository(around)}`;
  const open = await ghList<Issue>(around, `${repo}/issues?state=open`);
  const ours = open.find(
    ({ body, user, pull_request }) =>
      user.login === ownLogin && pull_request === undefined && body?.startsWith(marker),
  );
  if (ours === undefined && text === undefined) return;
  const sections = readSections(ours?.body ?? "");
  if (text === undefined) sections.delete(stack);
  else sections.set(stack, text);
  const body = writeSections({ marker, sections }, runUrl(around));
  if (ours === undefined) {
    await gh(around, "POST", `${repo}/issues`, { title, body });
  } else if (sections.size === 0) {
    const closed = {
      state: "closed",
      state_reason: "completed",
      body: `${marker}\n\nNo stack differs any more.\n`,
    };
    await gh(around, "PATCH", `${repo}/issues/${ours.number}`, closed);
  } else {
    await gh(around, "PATCH", `${repo}/issues/${ours.number}`, { body });
  }
}
