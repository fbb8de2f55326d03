import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Resvg } from "@resvg/resvg-js";
import * as vega from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import type { Chart } from "./charts.ts";

/** A chart as files are made of it. */
export interface Drawing {
  readonly svg: string;
  readonly png: Uint8Array;
}

/** Pixels of the PNG for one of the SVG: sharp on screens that have as many. */
const scale = 2;

const fontFolder = join(createRequire(import.meta.url).resolve("dejavu-fonts-ttf/package.json"), "..", "ttf");

/** Draws a chart, without a browser and with a font of its own: a server may have none. */
export async function draw({ specification }: Chart): Promise<Drawing> {
  // Its type knows every property; what is built here is held against the compiler's own check.
  const { spec } = compile(specification as unknown as TopLevelSpec);
  const view = new vega.View(vega.parse(spec), { renderer: "none", logLevel: vega.Warn });
  try {
    const svg = await view.toSVG();
    return { svg, png: picture(svg) };
  } finally {
    view.finalize();
  }
}

function picture(svg: string): Uint8Array {
  const fontFiles = ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"].map((file) => join(fontFolder, file));
  const image = new Resvg(svg, {
    fitTo: { mode: "zoom", value: scale },
    font: { fontFiles, loadSystemFonts: false, defaultFontFamily: "DejaVu Sans" },
  });
  return image.render().asPng();
}

/** Whether the font's files are there; their absence would leave charts without text. */
export function hasFont(): boolean {
  return readFileSync(join(fontFolder, "DejaVuSans.ttf")).length > 0;
}
