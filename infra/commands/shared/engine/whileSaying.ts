import { duration, eraseLine, type ProgressStream } from "../progress.ts";

export interface Saying {
  /** Receives a line of progress at a time, elsewhere than on a terminal. */
  readonly say: (line: string) => void;
  /** Where one line is rewritten when it is a terminal. Default: stdout. */
  readonly stream?: ProgressStream;
  /** Time between two lines elsewhere than on a terminal. Default 60. */
  readonly everySeconds?: number;
}

const redrawMilliseconds = 1000;

/**
 * Works, and says how far it is with the time that has passed: on a terminal in one line that changes and is gone at the
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
  const timer = setInterval(tell, isTTY ? redrawMilliseconds : everySeconds * 1000);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    if (isTTY) stream.write(eraseLine);
  }
}
