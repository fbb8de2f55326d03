import { release } from "node:os";
import { fileURLToPath } from "node:url";
import { skewOf } from "./skew.ts";

/** What stands for an image: its program on the node, which is there from the start. */
export interface Image {
  /** What runs when the pod names no command. */
  readonly entrypoint: readonly string[];
  /** Arguments when the pod names none. */
  readonly args?: readonly string[];
  /** Further environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** It only holds its place: it is ready from the start, and its probes are not sent. */
  readonly rests?: true;
  /** Folders of the machine that the container sees at another path, by that path. */
  readonly folders?: Readonly<Record<string, string>>;
}

const calicoNode = fileURLToPath(new URL("calicoNode.sh", import.meta.url));

/** Where a node has Calico's files, laid out as in its images. */
export const calicoFolder = "/opt/calico";

const resting: Image = { entrypoint: ["sleep", "infinity"], rests: true };

const restingImages = [
  ...["tigera/operator", "calico/apiserver", "calico/kube-controllers", "calico/csi"],
  ...["calico/node-driver-registrar", "calico/whisker", "calico/whisker-backend", "calico/goldmane"],
];

/**
 * By the end of the image's repository. The programs are those of Calico's images and of this machine; where there is no
 * such program, a pod of the image does not start.
 */
const images: Readonly<Record<string, Image>> = {
  "calico/node": { entrypoint: ["bash", calicoNode], env: skewOf(release()) },
  "calico/cni": {
    entrypoint: ["/opt/cni/bin/install"],
    folders: { "/opt/cni/bin": `${calicoFolder}/opt/cni/bin` },
  },
  "calico/typha": { entrypoint: [`${calicoFolder}/usr/bin/calico-typha`] },
  // It puts a driver for volumes onto the node, which nothing here asks for.
  "calico/pod2daemon-flexvol": { entrypoint: ["true"] },
  // The operator and the API server of Calico run outside of the nodes; the others move no packet.
  ...Object.fromEntries(restingImages.map((name) => [name, resting])),
  "e2e-test-images/agnhost": { entrypoint: ["/agnhost"], args: ["pause"] },
  "amazon-k8s-cni": { entrypoint: ["sh", "-c", "cd /app && exec ./aws-vpc-cni"] },
  // It copies the plugins that its image brings further: none here.
  "amazon-k8s-cni-init": {
    entrypoint: ["sh", "-c", "mkdir -p /init && cd /init && exec /app/aws-vpc-cni-init"],
  },
  "eks/coredns": { entrypoint: ["/coredns"] },
  "eks/kube-proxy": { entrypoint: ["/usr/local/bin/kube-proxy"] },
  iperf3: { entrypoint: ["iperf3"] },
  // What a pod names itself, of this machine's own programs.
  "lab/node": { entrypoint: [process.execPath] },
  netshoot: { entrypoint: [], args: ["sleep", "infinity"] },
};

/** The image of a name; undefined: there is no program for it here. */
export function imageOf(name: string): Image | undefined {
  const repository = name.replace(/@.*$/, "").replace(/:[^/:]*$/, "");
  const found = Object.keys(images).find((end) => repository === end || repository.endsWith(`/${end}`));
  return found === undefined ? undefined : images[found];
}
