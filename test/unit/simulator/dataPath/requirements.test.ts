import { expect, it } from "vitest";
import { type Machine, missingRequirements } from "../../../simulator/dataPath/requirements.ts";

const fine: Machine = {
  platform: "linux",
  uid: 0,
  kernel: "5.10.0-26-amd64",
  hasBtf: true,
  cgroup2: "/sys/fs/cgroup",
  has: () => true,
  hasFile: () => true,
  attempt: async () => ({ code: 0, stdout: "", stderr: "" }),
};

const missing = (change: Partial<Machine>, builds = false) =>
  missingRequirements({ builds }, { ...fine, ...change });

it("misses nothing on a machine that has everything", async () => {
  expect(await missing({})).toEqual([]);
  expect(await missing({ kernel: "6.18.44-fc-v595" })).toEqual([]);
});

it.each<[string, Partial<Machine>, string]>([
  ["another system", { platform: "darwin" }, "this machine runs darwin; the data path needs Linux"],
  ["no root", { uid: 1000 }, "this user is not root; run it with sudo"],
  ["an old kernel", { kernel: "5.9.16" }, "kernel 5.9.16 is too old; Calico's eBPF needs 5.10 or newer"],
  [
    "a very old kernel",
    { kernel: "4.18.0-553.el8" },
    "kernel 4.18.0-553.el8 is too old; Calico's eBPF needs 5.10 or newer",
  ],
  [
    "no BTF",
    { hasBtf: false },
    "the kernel has no BTF (/sys/kernel/btf/vmlinux); use one with CONFIG_DEBUG_INFO_BTF=y",
  ],
  [
    "no cgroup2",
    { cgroup2: undefined },
    "no cgroup2 file system is mounted; run: mount -t cgroup2 none /sys/fs/cgroup/unified",
  ],
  [
    "no ping, with which a check of verify sends its packets",
    { has: (program) => program !== "ping" },
    "missing: ping; run: apt-get install iputils-ping",
  ],
  [
    "programs of one package",
    { has: (program) => !["unshare", "nsenter"].includes(program) },
    "missing: nsenter, unshare; run: apt-get install util-linux",
  ],
])("says in one line what %s means", async (_, change, line) => {
  expect(await missing(change)).toEqual([line]);
});

it("asks for a compiler only where Calico has to be built", async () => {
  const has = (program: string) => program !== "clang";
  expect(await missing({ has })).toEqual([]);
  expect(await missing({ has }, true)).toEqual(["missing: clang; run: apt-get install clang"]);
});

it("requires iperf3 only where measurements are made", async () => {
  const machine = { ...fine, has: (program: string) => program !== "iperf3" };
  expect(await missingRequirements({ builds: false }, machine)).toEqual([]);
  expect(await missingRequirements({ builds: false, measures: true }, machine)).toEqual([
    "missing: iperf3; run: apt-get install iperf3",
  ]);
});

it("asks for headers, too, and names every package once", async () => {
  const has = (program: string) => program !== "make";
  const hasFile = (path: string) => !["/usr/include/pcap.h", "/usr/include/zlib.h"].includes(path);
  expect(await missing({ hasFile })).toEqual([]);
  expect(await missing({ has, hasFile }, true)).toEqual([
    "missing: make, /usr/include/pcap.h, /usr/include/zlib.h; run: apt-get install make libpcap-dev zlib1g-dev",
  ]);
});

it("says which module the kernel lacks, in the kernel's words", async () => {
  const attempt = async (script: string) =>
    script.includes("vxlan")
      ? { code: 2, stdout: "", stderr: "RTNETLINK answers: Operation not supported\n" }
      : { code: 0, stdout: "", stderr: "" };
  expect(await missing({ attempt })).toEqual([
    "the kernel lacks vxlan (RTNETLINK answers: Operation not supported); run: modprobe vxlan",
  ]);
});

it("does not ask for a module where the kernel has to be another one", async () => {
  const attempt = async (script: string) => ({
    code: script.includes("-t bpf ") ? 32 : 0,
    stdout: "",
    stderr: "mount: /mnt: unknown filesystem type 'bpf'.\n",
  });
  expect(await missing({ attempt })).toEqual([
    "the kernel lacks CONFIG_BPF_SYSCALL (mount: /mnt: unknown filesystem type 'bpf'.); use one with CONFIG_BPF_SYSCALL=y",
  ]);
});

it("says everything at once, and tries nothing of the kernel before", async () => {
  let attempts = 0;
  const attempt = async () => {
    attempts += 1;
    return { code: 1, stdout: "", stderr: "" };
  };
  expect(await missing({ hasBtf: false, kernel: "5.4.0", has: (name) => name !== "nft", attempt })).toEqual([
    "kernel 5.4.0 is too old; Calico's eBPF needs 5.10 or newer",
    "the kernel has no BTF (/sys/kernel/btf/vmlinux); use one with CONFIG_DEBUG_INFO_BTF=y",
    "missing: nft; run: apt-get install nftables",
  ]);
  expect(attempts).toBe(0);
});
