import { duration } from "../progress.ts";

export interface Saying {
  /** Receives a line of progress at a time. */
  readonly say: (line: string) => void;
  /** Time between two lines. Default 5. */
  readonly everySeconds?: number;
}

/** Works, and says a line at once and then from time to time, each with the time that has passed. */
export async function whileSaying<Result>(
  { say, everySeconds = 5 }: Saying,
  line: (elapsed: string) => string,
  work: () => Promise<Result>,
): Promise<Result> {
  const startedAt = performance.now();
  const tell = () => say(line(duration(performance.now() - startedAt)));
  tell();
  const timer = setInterval(tell, everySeconds * 1000);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
