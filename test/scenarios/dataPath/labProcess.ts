import { nodePrograms } from "../../toolchain/calicoNode.ts";
import { presentKubernetesTools } from "../../toolchain/kubernetesTools.ts";
import { startLab } from "./startLab.ts";
import { ask, bringUp, ipOf, serve } from "./steps.ts";

/** CALICO_FILES: a lab of one node in a separate process, which runs until it is ended; prints what its NodePort answers. */
const [calicoFiles = ""] = process.argv.slice(2);
const tools = await presentKubernetesTools();
if (tools === undefined) throw new Error("the programs of the control plane were not built");
const lab = await startLab(tools, await nodePrograms({ say: () => {}, calicoFiles }));
await bringUp(lab, 1, { externalServiceMode: "Tunnel" });
await serve(lab, 1);
lab.dataPath.countPrograms();
process.stdout.write(`answered ${await ask(lab.client, ipOf(1))}\n`);
