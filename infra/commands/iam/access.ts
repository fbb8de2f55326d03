/** What credentials are for: `preview` reads, `up` also creates, changes and destroys. */
export const accesses = ["preview", "up"] as const;
export type Access = (typeof accesses)[number];
