import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";

/** Where Debian and Ubuntu put Chromium. */
const executablePath = "/usr/bin/chromium";

const mermaidScript = fileURLToPath(
  new URL("../../../../node_modules/mermaid/dist/mermaid.min.js", import.meta.url),
);

/** Why diagrams cannot be drawn on this machine; undefined: they can. */
export const noBrowser: string | undefined = existsSync(executablePath)
  ? undefined
  : `there is no ${executablePath}: apt-get install chromium`;

/** What a reader would see of a diagram. */
export interface Drawn {
  /** Every text in the picture, in its order; lines of one label joined by a blank. */
  readonly texts: readonly string[];
  /** Class names of the bars of a gantt chart. */
  readonly bars: readonly string[];
  readonly boxes: number;
  readonly frames: number;
  readonly arrows: number;
  /** In pixels, as wide and high as it wants to be. */
  readonly width: number;
  readonly height: number;
}

/** Chromium with Mermaid in it, from files of this machine only. */
export class DiagramBrowser {
  readonly #browser: Browser;
  readonly #page: Page;

  private constructor(browser: Browser, page: Page) {
    this.#browser = browser;
    this.#page = page;
  }

  static async start(): Promise<DiagramBrowser> {
    const browser = await chromium.launch({
      executablePath,
      args: [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    });
    const page = await browser.newPage({ viewport: { width: 1012, height: 800 } });
    await page.setContent('<!doctype html><body style="margin:0;background:white"></body>');
    await page.addScriptTag({ path: mermaidScript });
    return new DiagramBrowser(browser, page);
  }

  /**
   * Draws a diagram with the settings that GitHub has: strict security, no scripts in it.
   * @throws Error with Mermaid's message for a diagram that it does not understand
   */
  async draw(diagram: string, screenshot?: string): Promise<Drawn> {
    const drawn = await this.#page.evaluate<Drawn>(`(${inPage})(${JSON.stringify(diagram)})`);
    if (screenshot !== undefined) await this.#page.screenshot({ path: screenshot, fullPage: true });
    return drawn;
  }

  async stop(): Promise<void> {
    await this.#browser.close();
  }
}

/** Runs in the page; as text, for the page's types are not those of this project. */
const inPage = `async (diagram) => {
  mermaid.initialize({ startOnLoad: false, securityLevel: "strict" });
  const { svg } = await mermaid.render("diagram", diagram);
  document.body.innerHTML = svg;
  const all = (selector) => [...document.querySelectorAll(selector)];
  const texts = all("svg text, svg foreignObject").map((one) => (one.querySelector("div")?.innerText ?? one.textContent).trim().replace(/\\s+/g, " "));
  const { width, height } = document.querySelector("svg").getBoundingClientRect();
  return {
    texts: texts.filter((text) => text !== ""),
    bars: all("rect.task").map((one) => one.getAttribute("class")),
    boxes: all("g.node").length,
    frames: all("g.cluster").length,
    arrows: all("path.flowchart-link").length,
    width,
    height,
  };
}`;
