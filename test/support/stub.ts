import * as pulumi from "@pulumi/pulumi";

/** Type token of stubs. */
export const stubType = "test:index:Stub";

/** A resource that stands for something which a component comes after. */
export class Stub extends pulumi.CustomResource {
  constructor(name: string) {
    super(stubType, name, {});
  }
}
