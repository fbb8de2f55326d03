import { describe, expect, it } from "vitest";
import { harmless, readSections, writeSections } from "../../../../../../infra/commands/pipeline/github.ts";

const marker = "<!-- ours -->";
const url = "https://github.com/acme/clusters/actions/runs/7";

describe("the sections of a comment", () => {
  it("are read as they were written, in alphabetical order", () => {
    const sections = new Map([
      ["2-preview-dev", "# Preview\n\n```text\na\n```"],
      ["1-rehearsal", "# Rehearsal"],
    ]);
    const text = writeSections({ marker, sections }, url);

    expect(text.startsWith(marker)).toBe(true);
    expect([...readSections(text)]).toEqual([
      ["1-rehearsal", "# Rehearsal"],
      ["2-preview-dev", "# Preview\n\n```text\na\n```"],
    ]);
  });

  it("are none in a text that has none", () => {
    expect(readSections("").size).toBe(0);
    expect(readSections("Looks good to me.").size).toBe(0);
  });

  it("give way to the summary when they are too long together", () => {
    const sections = new Map([
      ["long", `# Heading\n${"x".repeat(40_000)}`],
      ["short", "# Short"],
    ]);
    const text = writeSections({ marker, sections }, url);

    expect(text).toContain(
      `# Heading\n\nToo long for a comment: [the summary of the run](${url}) has the full text.`,
    );
    expect(text).toContain("# Short");
    expect(text.length).toBeLessThan(65_536);
  });

  it("cannot be ended by what a program wrote", () => {
    const written = "before <!-- end of section --> after";
    const sections = new Map([["preview", harmless(written)]]);

    expect(readSections(writeSections({ marker, sections }, url)).get("preview")).toBe(
      "before &lt;!-- end of section --> after",
    );
  });
});
