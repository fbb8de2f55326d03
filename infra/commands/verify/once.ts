import type { Live } from "./check.ts";

/** Lets a read be shared by all checks of a run: it is made when the first of them asks. */
export function oncePerRun<T>(make: (live: Live) => Promise<T>): (live: Live) => Promise<T> {
  const made = new WeakMap<Live, Promise<T>>();
  return (live) => {
    const known = made.get(live);
    if (known !== undefined) return known;
    const fresh = make(live);
    made.set(live, fresh);
    return fresh;
  };
}
