import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Puts an `aws` into a folder that answers `eks get-token` with this token, and refuses everything else. */
export function fakeAwsCli(token: string, folder: string): void {
  const credential = JSON.stringify({
    apiVersion: "client.authentication.k8s.io/v1beta1",
    kind: "ExecCredential",
    status: { token },
  });
  const file = join(folder, "aws");
  const script = `#!/bin/sh
case "$*" in
  "eks get-token --cluster-name platform --region eu-west-1 --output json") echo '${credential}' ;;
  *) echo "unexpected: $*" >&2; exit 1 ;;
esac
`;
  writeFileSync(file, script);
  chmodSync(file, 0o755);
}
