/** Where progress goes: `process.stdout`, or a test's replacement. */
interface ProgressStream {
  write(text: string): unknown;
  /** A terminal, whose last line can be rewritten. Absent: a file or a pipe. */
  readonly isTTY?: boolean;
  /** Width of the terminal in characters; default 80. */
  readonly columns?: number;
}

interface Step {
  readonly name: string;
  readonly startedAt: number;
  readonly timer: NodeJS.Timeout;
  detail: string | undefined;
}

const frames = [..."⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"];
const redrawMilliseconds = 100;
const repeatMilliseconds = 10_000;
/** Erases the last line of a terminal. */
const eraseLine = "\r\u001b[2K";

/**
 * Shows what runs, for how long, and what it waits for. One step runs at a time.
 *
 * On a terminal the running step is one status line that is rewritten; elsewhere a plain line is printed
 * when a step starts, every 10 s while it runs, and when it ends.
 */
export class Progress {
  readonly #stream: ProgressStream;
  #step: Step | undefined;

  constructor(stream: ProgressStream) {
    this.#stream = stream;
  }

  /** Starts a step. One that still runs counts as done. */
  start(step: string, detail?: string): void {
    this.done();
    const every = this.#stream.isTTY ? redrawMilliseconds : repeatMilliseconds;
    const timer = setInterval(() => this.#show(), every);
    // A forgotten step must not keep the process alive.
    timer.unref();
    this.#step = { name: step, detail, timer, startedAt: performance.now() };
    if (this.#stream.isTTY) this.#show();
    else this.#line(joined("…", step, undefined, detail));
  }

  /** Updates the running step's progress. Without a terminal it shows with the next line. */
  update(detail: string): void {
    if (this.#step) this.#step.detail = detail;
  }

  /** Ends the running step as done. Does nothing when none runs. */
  done(summary?: string): void {
    this.#end("✓", summary);
  }

  /** Ends the running step as failed. Does nothing when none runs. */
  fail(summary?: string): void {
    this.#end("✗", summary);
  }

  /** Prints a separate line; the running step continues below it. */
  note(line: string): void {
    this.#line(line);
    if (this.#stream.isTTY) this.#show();
  }

  #end(mark: string, summary: string | undefined): void {
    const step = this.#step;
    if (!step) return;
    clearInterval(step.timer);
    this.#step = undefined;
    this.#line(joined(mark, step.name, elapsed(step), summary));
  }

  #show(): void {
    const step = this.#step;
    if (!step) return;
    const { isTTY, columns = 80 } = this.#stream;
    if (!isTTY) {
      this.#line(joined("…", step.name, elapsed(step), step.detail));
      return;
    }
    const passed = Math.floor((performance.now() - step.startedAt) / redrawMilliseconds);
    const frame = frames[passed % frames.length] ?? "…";
    // A line as wide as the terminal would wrap, and then only its second half could be erased.
    const width = Math.max(columns, 20) - 1;
    this.#stream.write(eraseLine + cut(joined(frame, step.name, elapsed(step), step.detail), width));
  }

  #line(text: string): void {
    this.#stream.write(`${this.#stream.isTTY ? eraseLine : ""}${text}\n`);
  }
}

function joined(mark: string, ...parts: readonly (string | undefined)[]): string {
  return `${mark} ${parts.filter((part) => part !== undefined && part !== "").join(" · ")}`;
}

function elapsed({ startedAt }: Step): string {
  return duration(performance.now() - startedAt);
}

/** A readable duration: `12.3 s`, `4 min 05 s`. */
export function duration(milliseconds: number): string {
  const tenths = Math.round(milliseconds / 100);
  if (tenths < 600) return `${(tenths / 10).toFixed(1)} s`;
  const seconds = Math.floor(tenths / 10);
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
}

function cut(text: string, width: number): string {
  const letters = [...text.replaceAll("\n", " ")];
  return letters.length <= width ? letters.join("") : `${letters.slice(0, Math.max(0, width - 1)).join("")}…`;
}

export interface Saying {
  /** Receives a line of progress at a time, without a terminal. */
  readonly say: (line: string) => void;
  /** Where one line is rewritten when it is a terminal. Default: stdout. */
  readonly stream?: ProgressStream;
  /** Time between two lines without a terminal. Default 60. */
  readonly everySeconds?: number;
}

const countMilliseconds = 1000;

/**
 * Shows progress with the elapsed time while work runs: on a terminal in one line that changes and disappears at the
 * end, elsewhere in a line at once and then one a minute.
 */
export async function whileSaying<Result>(
  { say, stream = process.stdout, everySeconds = 60 }: Saying,
  line: (elapsed: string) => string,
  work: () => Promise<Result>,
): Promise<Result> {
  const startedAt = performance.now();
  const text = () => line(duration(performance.now() - startedAt));
  const { isTTY = false, columns = 80 } = stream;
  // As wide as the terminal it would wrap, and then only its second half could be erased.
  const tell = () => (isTTY ? stream.write(`${eraseLine}${text().slice(0, columns - 1)}`) : say(text()));
  tell();
  const timer = setInterval(tell, isTTY ? countMilliseconds : everySeconds * 1000);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    if (isTTY) stream.write(eraseLine);
  }
}
