/** A mistake of the user or a lack of their machine: shown as its message alone, without a stack trace. */
export class UserError extends Error {
  override readonly name = "UserError";
}
