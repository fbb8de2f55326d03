import type { Surroundings } from "../surroundings.ts";
import { gh, ghList, ownLogin, repository, runUrl } from "./gh.ts";
import { readSections, writeSections } from "./sections.ts";

const marker = "<!-- calico-ebpf-eks pull request -->";

interface Comment {
  readonly id: number;
  readonly body: string;
  readonly user: { readonly login: string };
}

/**
 * Writes one section of the one comment of a pull request. Does nothing where there is no pull request to write to, or no
 * permission to: COMMENT_ON is its number.
 * @param others what becomes of the sections beside it
 */
export async function commentOn(
  around: Surroundings,
  section: string,
  text: string,
  others: "kept" | "dropped" = "kept",
): Promise<void> {
  const { COMMENT_ON: number = "" } = around.env;
  if (!/^\d+$/.test(number)) return;
  const repo = `repos/${repository(around)}`;
  const comments = await ghList<Comment>(around, `${repo}/issues/${number}/comments`);
  const ours = comments.find(({ body, user }) => user.login === ownLogin && body.startsWith(marker));
  const before = others === "kept" ? readSections(ours?.body ?? "") : new Map<string, string>();
  const sections = before.set(section, text);
  const body = writeSections({ marker, sections }, runUrl(around));
  if (ours === undefined) await gh(around, "POST", `${repo}/issues/${number}/comments`, { body });
  else await gh(around, "PATCH", `${repo}/issues/comments/${ours.id}`, { body });
}
