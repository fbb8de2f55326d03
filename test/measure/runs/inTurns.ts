/** Does something with each of many, a few at a time; the cluster's client lets no more through anyway. */
export async function inTurns<T>(
  all: readonly T[],
  each: (one: T) => Promise<unknown>,
  atATime = 16,
): Promise<void> {
  const left = all.values();
  const worker = async () => {
    for (const one of left) await each(one);
  };
  await Promise.all(Array.from({ length: Math.min(atATime, all.length) }, worker));
}
