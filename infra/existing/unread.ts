import type { Access, Unread } from "../../components/checks/existing/snapshot.ts";
import { Ec2Error } from "../ec2.ts";
import { ClusterError } from "../kubernetes/errors.ts";

/** Reads, and records what could not be read instead of failing. */
export class Reading {
  readonly #unread: Unread[] = [];

  /** What could not be read, sorted, because answers arrive in any order. */
  sorted(): Unread[] {
    const text = ({ namespace = "", resource, verb }: Unread) => `${resource} ${namespace} ${verb}`;
    return this.#unread.toSorted((one, other) => (text(one) < text(other) ? -1 : 1));
  }

  /** The result of the read; undefined when it is not permitted, which is recorded. */
  async of<T>(access: Access, read: () => Promise<T>): Promise<T | undefined> {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof ClusterError || error instanceof Ec2Error)) throw error;
      if (!this.lacks(access)) this.#unread.push({ ...access, why: error.reason });
      return undefined;
    }
  }

  /** Whether such a read was not permitted. */
  lacks({ verb, resource, namespace }: Access): boolean {
    return this.#unread.some(
      (one) => one.verb === verb && one.resource === resource && one.namespace === namespace,
    );
  }
}
