import type { Access, Unread } from "../../components/checks/existing/snapshot.ts";
import { Ec2Error } from "../ec2.ts";
import { ClusterError } from "../kubernetes/errors.ts";

/** Reads, and notes what could not be read instead of failing. */
export class Reading {
  readonly #unread: Unread[] = [];

  /** What could not be read, in the order of the alphabet: that of the answers is a matter of chance. */
  sorted(): Unread[] {
    const text = ({ namespace = "", resource, verb }: Unread) => `${resource} ${namespace} ${verb}`;
    return this.#unread.toSorted((one, other) => (text(one) < text(other) ? -1 : 1));
  }

  /** What the read gives; undefined when it is not permitted, which is noted. */
  async of<T>(access: Access, read: () => Promise<T>): Promise<T | undefined> {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof ClusterError || error instanceof Ec2Error)) throw error;
      const { verb, resource, namespace } = access;
      const isKnown = this.#unread.some(
        (one) => one.verb === verb && one.resource === resource && one.namespace === namespace,
      );
      if (!isKnown) this.#unread.push({ ...access, why: error.reason });
      return undefined;
    }
  }
}
