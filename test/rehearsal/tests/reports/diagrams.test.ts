import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Rehearsal } from "../../rehearse.ts";
import { markdown } from "../../reports/markdown.ts";
import { resource } from "../timeline/resources.ts";
import { DiagramBrowser, type Drawn, noBrowser } from "./browser.ts";
import { reportData } from "./rehearsal.ts";

/** Width of a page of GitHub, in pixels. */
const pageWidth = 1012;

describe.skipIf(noBrowser !== undefined)(
  `the report's diagrams, drawn${noBrowser ? ` (${noBrowser})` : ""}`,
  () => {
    let browser: DiagramBrowser;
    beforeAll(async () => {
      browser = await DiagramBrowser.start();
    }, 60_000);
    afterAll(() => browser.stop());

    /** Draws what stands in the report itself. */
    async function drawn(change: Partial<Rehearsal> = {}): Promise<Drawn[]> {
      const found = [...markdown(reportData(change)).matchAll(/```mermaid\n([\s\S]*?)\n```/g)];
      const all: Drawn[] = [];
      for (const [, diagram = ""] of found) all.push(await browser.draw(diagram));
      return all;
    }

    it("show a bar for each long step, with its name, in two sections", async () => {
      const [gantt] = await drawn();

      expect(gantt?.bars).toHaveLength(10);
      expect(gantt?.bars.filter((name) => name.includes("crit"))).toHaveLength(9);
      expect(gantt?.texts).toEqual(
        expect.arrayContaining([
          "First pulumi up: 14m40s, at least 12m45s by what AWS and Calico force",
          "AWS",
          "cluster",
          "00:00",
          "14:00",
          "Cluster eksCluster",
          "NodeGroup default · nodes Ready",
        ]),
      );
      expect(gantt?.width).toBeLessThanOrEqual(pageWidth);
      expect(gantt?.height).toBeLessThan(500);
    });

    it("show a box for each kind of resource, and what needs what", async () => {
      const [, graph] = await drawn();

      expect(graph).toMatchObject({ boxes: 8, frames: 0, arrows: 9 });
      expect(graph?.texts).toEqual(
        expect.arrayContaining([
          "NodeGroup × 2",
          "Chart tigera-operator Deployment",
          "first node",
          "calico-node",
        ]),
      );
      expect(graph?.width).toBeLessThanOrEqual(pageWidth);
    });

    it("show names as they are, whatever is in them", async () => {
      const names = [
        'a"]; click r0 "javascript:alert(1)"',
        "<img src=x onerror=alert(1)>",
        "1. list",
        "`code` **bold** _it_",
        "a:b;c %% d",
        "end",
      ];
      const resources = names.map((name) => resource("aws:ec2/vpc:Vpc", name));
      const types = ["aws:test:Section", "aws:test:Title"].map((type) => resource(type, "one"));
      for (const one of resources) {
        const [gantt, graph] = await drawn({ resources: [one, ...types] });

        expect(gantt?.texts).toContain(`Vpc ${one.name}`);
        expect(graph?.texts).toContain(`Vpc ${one.name}`);
      }
    });

    it("would fail here if Mermaid did not understand them", async () => {
      await expect(browser.draw("gantt\n  dateFormat X\n  : :::")).rejects.toThrow(
        /Parse error|Lexical error/,
      );
    });
  },
);
