import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rowsOf } from "../../honesty/comparison.ts";
import { chartsOf } from "../../reports/charts.ts";
import { type Drawing, draw } from "../../reports/draw.ts";
import { reported } from "./sample.ts";

/** Where Debian and Ubuntu put Chromium. */
const executablePath = "/usr/bin/chromium";
const hasBrowser = existsSync(executablePath);

const data = reported();
const charts = chartsOf(
  data,
  rowsOf(data, () => false),
);

async function drawn(name: string): Promise<Drawing> {
  const chart = charts.find((one) => one.name === name);
  if (chart === undefined) throw new Error(`no chart ${name}`);
  return draw(chart);
}

/** What a browser makes of a picture. Runs in the page; as text, for the page's types are not those of this project. */
const lookAtSvg = `() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const box = (one) => { const { x, y, width, height } = one.getBoundingClientRect(); return { x, y, width, height }; };
  const whole = box(document.querySelector("svg"));
  const texts = all("svg text").filter((one) => one.textContent.trim() !== "");
  return {
    texts: texts.map((one) => one.textContent),
    cut: texts.filter((one) => { const { x, y, width, height } = box(one); return x < 0 || y < 0 || x + width > whole.width || y + height > whole.height; }).map((one) => one.textContent),
    bars: all(".mark-rect.role-mark path").map((one) => ({ fill: one.getAttribute("fill"), width: Math.round(box(one).width), end: box(one).x + box(one).width })),
    lines: all(".mark-rule.role-mark line").map((one) => ({ start: box(one).x, end: box(one).x + box(one).width })),
    whole,
  };
}`;

interface Seen {
  readonly texts: readonly string[];
  /** Texts that reach over the edge. */
  readonly cut: readonly string[];
  readonly bars: readonly { readonly fill: string; readonly width: number; readonly end: number }[];
  /** From the least to the most. */
  readonly lines: readonly { readonly start: number; readonly end: number }[];
  readonly whole: { readonly width: number; readonly height: number };
}

describe.skipIf(!hasBrowser)(`charts in a browser${hasBrowser ? "" : " (apt-get install chromium)"}`, () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath,
      args: ["--headless", "--no-sandbox", "--disable-gpu"],
    });
    page = await browser.newPage({ viewport: { width: 1800, height: 900 } });
  }, 60_000);
  afterAll(() => browser.close());

  async function seen(svg: string): Promise<Seen> {
    await page.setContent(`<!doctype html><body style="margin:0">${svg}</body>`);
    return page.evaluate<Seen>(`(${lookAtSvg})()`);
  }

  it.each(charts.map(({ name, title }) => [name, title]))(
    "%s has its title, its modes and no text cut off",
    async (name, title) => {
      const { texts, cut } = await seen((await drawn(name)).svg);

      expect(texts).toEqual(expect.arrayContaining([title, "eBPF, Tunnel", "eBPF, DSR"]));
      expect(cut).toEqual([]);
    },
  );

  it("bars are as long as their figures, and end between the least and the most", async () => {
    const { bars, lines } = await seen((await drawn("connections")).svg);
    const [tunnel, dsr] = bars;

    expect(lines).toHaveLength(2);
    for (const [at, { start, end }] of lines.entries()) {
      expect(bars[at]?.end).toBeGreaterThan(start + 1);
      expect(bars[at]?.end).toBeLessThan(end - 1);
    }

    expect(bars.map(({ fill }) => fill)).toEqual(["#0072b2", "#e69f00"]);
    expect((dsr?.width ?? 0) / (tunnel?.width ?? 1)).toBeCloseTo(1200 / 900, 1);
  });

  it("each percentile has a column of its own", async () => {
    const { texts, bars } = await seen((await drawn("latency")).svg);

    expect(texts).toEqual(expect.arrayContaining(["latency p50", "latency p90", "latency p99"]));
    expect(bars).toHaveLength(6);
  });

  it("the PNG is the same picture, twice as large, with its letters", async () => {
    const { svg, png } = await drawn("throughput");
    const { whole } = await seen(svg);
    await page.setContent(
      `<!doctype html><body style="margin:0"><img src="data:image/png;base64,${Buffer.from(png).toString("base64")}"></body>`,
    );
    await page.waitForFunction("document.images[0].complete");
    const size = await page.evaluate<{ width: number; height: number; dark: number }>(`(() => {
      const [{ naturalWidth: width, naturalHeight: height }] = document.images;
      const canvas = Object.assign(document.createElement("canvas"), { width, height });
      const context = canvas.getContext("2d");
      context.drawImage(document.images[0], 0, 0);
      // The title's row: dark pixels are its letters.
      const { data } = context.getImageData(0, 0, width, 60);
      let dark = 0;
      for (let at = 0; at < data.length; at += 4) if (data[at] + data[at + 1] + data[at + 2] < 150) dark += 1;
      return { width, height, dark };
    })()`);

    expect(size.width / whole.width).toBeCloseTo(2, 1);
    expect(size.height / whole.height).toBeCloseTo(2, 1);
    expect(size.dark).toBeGreaterThan(200);
  });
});

describe("charts", () => {
  it("are drawn only of what was measured", () => {
    const few = reported({
      runs: data.runs.filter(({ measurement }) => measurement.startsWith("first-packet/1")),
    });

    expect(
      chartsOf(
        few,
        rowsOf(few, () => false),
      ).map(({ name }) => name),
    ).toEqual(["first-packet"]);
    expect(chartsOf(reported({ runs: [] }), [])).toEqual([]);
  });
});
