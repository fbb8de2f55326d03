import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { recordOwner, statePrefix } from "../../../infra/commands/shared/ending.ts";
import { UserError } from "../../../infra/commands/shared/errors.ts";
import type { KubernetesTools } from "../../toolchain/kubernetesTools.ts";
import { makeCertificate } from "../dataPath/certificate.ts";
import type { CalicoApi } from "./calicoApi.ts";
import type { ServerCertificate } from "./chartRepository.ts";
import { type ApiAddress, Client } from "./client.ts";
import { freePorts } from "./freePorts.ts";
import { Kubelets } from "./kubelets/kubelets.ts";
import type { NodeSide } from "./kubelets/nodeSide.ts";
import { Processes, type Program } from "./processes.ts";
import { stages } from "./stages.ts";

/** Annotation of the nodes that kwok plays. */
export const playedNode = { "kwok.x-k8s.io/node": "fake" } as const;

const readySeconds = 120;

/** Programs without which there is no cluster. */
const controlPlane = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok"] as const;

/** Times that other ports are tried when one is taken. */
const portAttempts = 3;

/** Where nodes with a real network find the control plane; it needs a certificate for that. */
export interface Advertised {
  /** Names, or patterns of names, that nodes know the cluster's endpoint and the endpoints of AWS by. */
  readonly names: readonly string[];
}

/** A running control plane without nodes. */
export interface Cluster {
  readonly address: ApiAddress;
  /** Of an administrator. */
  readonly kubeconfigFile: string;
  /** Runs a further program until it is ended, or the cluster is stopped. */
  run(program: Program): void;
  /** Ends a program that `run` started. */
  end(name: string): Promise<void>;
  /** Why a program that `run` started has ended, with its last words; undefined while it runs. */
  ended(name: string): string | undefined;
  /** The API server's certificate for this machine, and its key. */
  readonly ownCertificate: ServerCertificate;
  /** Lets commands be run in containers, their logs be read, and calico-apiserver's pods answer. */
  serve(nodes: NodeSide, calicoApi: CalicoApi | undefined): void;
  /** Why a part of the control plane has ended; undefined while all run. */
  failure(): string | undefined;
  /** Stops every process and removes the state. */
  stop(): Promise<void>;
}

/**
 * Starts etcd, the API server, the controllers, the scheduler and kwok on free ports of this machine.
 * @throws UserError when a part ends or is not ready in time
 */
export async function startCluster(
  tools: KubernetesTools,
  serviceCidr: string,
  onPart: (part: string) => void = () => {},
  advertised?: Advertised,
): Promise<Cluster> {
  for (let attempt = 1; ; attempt++) {
    const folder = mkdtempSync(join(tmpdir(), statePrefix));
    recordOwner(folder);
    const processes = new Processes(folder);
    const kubelets = new Kubelets(folder);
    try {
      return await started({ processes, kubelets }, tools, { serviceCidr, advertised }, onPart);
    } catch (error) {
      kubelets.stop();
      await processes.stop();
      // Between the choice of a port and its use, anyone may have taken it.
      const isTaken = error instanceof Error && error.message.includes("address already in use");
      if (!isTaken || attempt === portAttempts) throw error;
    }
  }
}

/** What has to be stopped. */
interface Parts {
  readonly processes: Processes;
  readonly kubelets: Kubelets;
}

async function started(
  { processes, kubelets }: Parts,
  tools: KubernetesTools,
  { serviceCidr, advertised }: { serviceCidr: string; advertised: Advertised | undefined },
  onPart: (part: string) => void,
): Promise<Cluster> {
  const { folder } = processes;
  const file = (name: string) => join(folder, name);
  const [etcdPort = 0, peerPort = 0, apiPort = 0, managerPort = 0, schedulerPort = 0, kwokPort = 0] =
    await freePorts(6);
  const token = randomBytes(24).toString("hex");
  writeFileSync(file("tokens.csv"), `${token},rehearsal,rehearsal,system:masters\n`, { mode: 0o600 });
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  writeFileSync(file("service-account.key"), privateKey.export({ type: "pkcs8", format: "pem" }), {
    mode: 0o600,
  });

  if (advertised !== undefined) {
    await makeCertificate(file("certificates"), {
      names: [...advertised.names, "localhost", "kubernetes.default.svc", "kubernetes.default", "kubernetes"],
      ips: ["127.0.0.1", firstAddress(serviceCidr)],
    });
  }
  await kubelets.listen(kwokPort);
  writeFileSync(file("egress.json"), kubelets.egressSelector);

  onPart("etcd");
  processes.start(etcd(tools, folder, etcdPort, peerPort));
  processes.start(apiServer(tools, folder, { etcdPort, apiPort, serviceCidr, advertised }));
  onPart("the API server");
  const url = `https://127.0.0.1:${apiPort}`;
  const address = await addressWhenReady(processes, url, file("certificates/apiserver.crt"), token);

  const kubeconfigFile = file("kubeconfig.json");
  writeFileSync(kubeconfigFile, kubeconfig(address), { mode: 0o600 });
  writeFileSync(file("kwok.yaml"), [stages, kubelets.rules.yaml].join("---\n"), { mode: 0o600 });
  onPart("the controllers, the scheduler and kwok");
  const common = ["--kubeconfig", kubeconfigFile, "--leader-elect=false", "--bind-address=127.0.0.1"];
  processes.start({
    name: "kube-controller-manager",
    file: tools.controllerManager,
    args: [
      ...common,
      `--secure-port=${managerPort}`,
      `--cert-dir=${file("controller-manager")}`,
      `--service-account-private-key-file=${file("service-account.key")}`,
      `--root-ca-file=${file("certificates/apiserver.crt")}`,
      "--use-service-account-credentials=false",
      // The nodes' own heartbeats come from kwok; nothing here tells of a dead node.
      "--node-monitor-grace-period=120s",
      "--kube-api-qps=500",
      "--kube-api-burst=1000",
    ],
  });
  processes.start({
    name: "kube-scheduler",
    file: tools.scheduler,
    args: [
      ...common,
      `--secure-port=${schedulerPort}`,
      `--cert-dir=${file("scheduler")}`,
      "--kube-api-qps=500",
      "--kube-api-burst=1000",
    ],
  });
  processes.start({
    name: "kwok",
    file: tools.kwok,
    args: [
      "--kubeconfig",
      kubeconfigFile,
      "--config",
      file("kwok.yaml"),
      "--manage-all-nodes=false",
      `--manage-nodes-with-annotation-selector=${Object.entries(playedNode)[0]?.join("=")}`,
      `--server-address=127.0.0.1:${kwokPort}`,
      "--node-lease-duration-seconds=200",
    ],
  });
  return {
    address,
    kubeconfigFile,
    ownCertificate: {
      key: readFileSync(file("certificates/apiserver.key"), "utf8"),
      certificate: readFileSync(file("certificates/apiserver.crt"), "utf8"),
    },
    run: (program) => processes.start(program),
    end: (name) => processes.end(name),
    ended: (name) => processes.failure([name]),
    serve: (nodes, calicoApi) => kubelets.serve({ nodes, calicoApi }, file("certificates")),
    failure: () => processes.failure(controlPlane),
    stop: () => {
      kubelets.stop();
      return processes.stop();
    },
  };
}

function etcd(tools: KubernetesTools, folder: string, clientPort: number, peerPort: number): Program {
  const client = `http://127.0.0.1:${clientPort}`;
  const peer = `http://127.0.0.1:${peerPort}`;
  const args = [
    ...["--data-dir", join(folder, "etcd"), "--unsafe-no-fsync"],
    ...["--listen-client-urls", client, "--advertise-client-urls", client],
    ...["--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer],
    ...["--initial-cluster", `default=${peer}`, "--log-level", "warn"],
  ];
  return { name: "etcd", file: tools.etcd, args };
}

function apiServer(
  tools: KubernetesTools,
  folder: string,
  {
    etcdPort,
    apiPort,
    serviceCidr,
    advertised,
  }: { etcdPort: number; apiPort: number; serviceCidr: string; advertised: Advertised | undefined },
): Program {
  const key = join(folder, "service-account.key");
  return {
    name: "kube-apiserver",
    file: tools.apiServer,
    args: [
      `--etcd-servers=http://127.0.0.1:${etcdPort}`,
      "--bind-address=127.0.0.1",
      `--secure-port=${apiPort}`,
      `--cert-dir=${join(folder, "certificates")}`,
      `--token-auth-file=${join(folder, "tokens.csv")}`,
      "--authorization-mode=RBAC",
      "--service-account-issuer=https://kubernetes.default.svc",
      `--service-account-key-file=${key}`,
      `--service-account-signing-key-file=${key}`,
      `--service-cluster-ip-range=${serviceCidr}`,
      // calico-node and the operator are privileged.
      "--allow-privileged=true",
      // The simulated nodes have addresses that nothing on this machine answers.
      `--egress-selector-config-file=${join(folder, "egress.json")}`,
      "--kubelet-preferred-address-types=InternalIP",
      // As on EKS: to the pods of an aggregated API, not to its service's address, which nothing here serves.
      "--enable-aggregator-routing=true",
      "--max-requests-inflight=2000",
      "--max-mutating-requests-inflight=1000",
      // Its port here is not the one that nodes know: what connects the nodes writes the endpoints.
      ...(advertised === undefined ? [] : ["--endpoint-reconciler-type=none"]),
    ],
  };
}

/** Address of service `kubernetes`. */
export function firstAddress(serviceCidr: string): string {
  const [base = ""] = serviceCidr.split("/");
  return base.replace(/\d+$/, (last) => String(Number(last) + 1));
}

/** The server makes its certificate itself when it starts. */
async function addressWhenReady(
  processes: Processes,
  url: string,
  certificateFile: string,
  token: string,
): Promise<ApiAddress> {
  const limit = performance.now() + readySeconds * 1000;
  while (performance.now() < limit) {
    const failure = processes.failure();
    if (failure !== undefined) throw new UserError(failure);
    const address = await ready(url, certificateFile, token).catch(() => undefined);
    if (address !== undefined) return address;
    await sleep(100);
  }
  throw new UserError(`the API server was not ready within ${readySeconds} s`);
}

async function ready(url: string, certificateFile: string, token: string): Promise<ApiAddress> {
  const address = { url, certificate: readFileSync(certificateFile, "utf8"), token };
  const client = new Client(address);
  try {
    await client.send({ method: "GET", path: "/readyz" });
    return address;
  } finally {
    client.close();
  }
}

function kubeconfig({ url, certificate, token }: ApiAddress): string {
  const ca = Buffer.from(certificate).toString("base64");
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "rehearsal", cluster: { server: url, "certificate-authority-data": ca } }],
    users: [{ name: "rehearsal", user: { token } }],
    contexts: [{ name: "rehearsal", context: { cluster: "rehearsal", user: "rehearsal" } }],
    "current-context": "rehearsal",
  });
}
