/**
 * Machines that become nodes: a kubelet registers its node, its agents come up, it is Ready; and what happens when the machine is gone.
 * Source: Kubernetes documentation, "Nodes"; EKS user guide, "Amazon EKS nodes"; cloud controller manager (node lifecycle).
 */
import { addObject } from "../bootstrap.ts";
import type { KubeContext } from "../context.ts";
import { isNodeReady, markPods } from "../controllers/nodes.ts";
import { isReady, secondsOf, withCondition, type Labels, type Taint } from "../objects.ts";
import { ebsDriver } from "../scheduling/volumes.ts";
import { change } from "../writing.ts";
import type { Kubelets } from "./kubelet.ts";

export interface Machine {
  readonly instanceId: string;
  readonly nodeName: string;
  /** `aws:///<zone>/<instance>`. */
  readonly providerId: string;
  readonly privateIp: string;
  readonly labels: Labels;
  readonly taints: readonly Taint[];
  readonly cpu: number;
  readonly memoryMib: number;
  readonly maxPods: number;
  /** EBS volumes that can still be attached. */
  readonly volumes: number;
}

/** How a machine joins; what is not said is drawn within the settings. */
export interface Joining {
  readonly joinMs?: number;
  readonly readyMs?: number;
  /** It never registers. */
  readonly isLost?: boolean;
  /** The driver of its volumes tells of itself so long after Ready. */
  readonly driverMs?: number;
  /** After it was Ready it is not, and is again, so often. */
  readonly flaps?: { readonly everyMs: number; readonly times: number };
}

/** What the kubelet keeps for itself and the system. † About what EKS's AMI keeps of a large node. */
const reserved = { cpu: 0.08, memoryMib: 600 };

const quantities = ({ cpu, memoryMib, maxPods }: Machine) => ({
  capacity: { cpu: String(cpu), memory: `${String(memoryMib)}Mi`, pods: String(maxPods) },
  allocatable: {
    cpu: `${String(Math.floor((cpu - reserved.cpu) * 1000))}m`,
    memory: `${String(memoryMib - reserved.memoryMib)}Mi`,
    pods: String(maxPods),
  },
});

const kubeletVersion = "v1.35.4-eks-simulated";

export class Machines {
  readonly #context: KubeContext;
  readonly #kubelets: Kubelets;
  /** By instance: of those that run, and of all that ever did. */
  readonly #known = new Map<string, Machine>();
  readonly #names = new Map<string, string>();

  constructor(context: KubeContext, kubelets: Kubelets) {
    this.#context = context;
    this.#kubelets = kubelets;
  }

  join(machine: Machine, joining: Joining): void {
    const { settings, random } = this.#context;
    this.#known.set(machine.instanceId, machine);
    this.#names.set(machine.instanceId, machine.nodeName);
    const joinMs = joining.joinMs ?? random.integer(...settings.joinMs);
    const readyMs = joining.readyMs ?? random.integer(...settings.nodeReadyMs);
    if (joining.isLost === true) return;
    this.#context.time.after(joinMs, () => {
      if (!this.#isThere(machine)) return;
      this.#register(machine);
      this.#context.time.after(readyMs, () => {
        if (this.#isThere(machine)) this.#becomeReady(machine, joining);
      });
    });
  }

  /** The instance stopped or was terminated: its kubelet is silent, and a terminated one's node is deleted. */
  leave(instanceId: string, how: "STOPPED" | "TERMINATED"): void {
    const nodeName = this.#names.get(instanceId);
    if (nodeName === undefined) return;
    const { time, settings, store } = this.#context;
    if (this.#known.delete(instanceId)) {
      this.#kubelets.stop(nodeName);
      time.after(settings.lostNodeMs, () => {
        if (!this.#kubelets.isAlive(nodeName)) this.tell(nodeName, "Unknown");
      });
    }
    if (how === "STOPPED") return;
    time.after(settings.cloudControllerMs, () => {
      store.remove("nodes", { name: nodeName });
      store.remove("csinodes", { name: nodeName });
    });
  }

  /** What the node says of itself, or others of it. */
  tell(nodeName: string, status: "True" | "False" | "Unknown"): void {
    const node = this.#context.store.get("nodes", { name: nodeName });
    if (node === undefined) return;
    const reasons = {
      True: "KubeletReady",
      False: "KubeletNotReady",
      Unknown: "NodeStatusUnknown",
    };
    const condition = { type: "Ready", status, reason: reasons[status] };
    const conditions = withCondition(node.status.conditions, condition, this.#context.time.now());
    change(this.#context, "nodes", { ...node, status: { ...node.status, conditions } });
    if (status !== "True" || isNodeReady(node)) return;
    const pods = this.#context.store
      .list("pods")
      .filter((pod) => pod.spec.nodeName === nodeName && pod.status.phase === "Running");
    markPods(
      this.#context,
      pods.filter((pod) => !isReady(pod)),
      "True",
    );
  }

  #isThere({ instanceId }: Machine): boolean {
    return this.#known.has(instanceId);
  }

  #register(machine: Machine): void {
    const { nodeName, providerId, privateIp, labels, taints } = machine;
    // One that comes back finds its node there.
    if (this.#context.store.get("nodes", { name: nodeName }) !== undefined) {
      this.#kubelets.start(nodeName);
      return;
    }
    const at = secondsOf(this.#context.time.now());
    const notReady = { type: "Ready", status: "False", reason: "KubeletNotReady" } as const;
    addObject(this.#context, "nodes", {
      metadata: { name: nodeName, labels: { ...labels, "kubernetes.io/hostname": nodeName } },
      spec: { providerID: providerId, ...(taints.length > 0 && { taints }) },
      status: {
        ...quantities(machine),
        conditions: [{ ...notReady, lastTransitionTime: at }],
        addresses: [
          { type: "InternalIP", address: privateIp },
          { type: "Hostname", address: nodeName },
        ],
        nodeInfo: {
          kubeletVersion,
          kubeProxyVersion: kubeletVersion,
          osImage: "Amazon Linux 2023",
          operatingSystem: "linux",
          architecture: labels["kubernetes.io/arch"] ?? "amd64",
          containerRuntimeVersion: "containerd://2.1.4",
          kernelVersion: "6.12.0",
          machineID: machine.instanceId,
          systemUUID: machine.instanceId,
          bootID: machine.instanceId,
        },
      },
    });
    addObject(this.#context, "csinodes", { metadata: { name: nodeName }, spec: { drivers: [] } });
    this.#kubelets.start(nodeName);
  }

  #becomeReady(machine: Machine, { driverMs = 0, flaps }: Joining): void {
    const { nodeName } = machine;
    this.tell(nodeName, "True");
    this.#context.time.after(driverMs, () => {
      this.#tellDriver(machine);
    });
    for (let turn = 1; turn <= 2 * (flaps?.times ?? 0); turn += 1) {
      this.#context.time.after(turn * (flaps?.everyMs ?? 0), () => {
        if (this.#isThere(machine)) this.tell(nodeName, turn % 2 === 1 ? "False" : "True");
      });
    }
  }

  #tellDriver({ nodeName, instanceId, volumes }: Machine): void {
    const csiNode = this.#context.store.get("csinodes", { name: nodeName });
    if (csiNode === undefined) return;
    const driver = { name: ebsDriver, nodeID: instanceId, allocatable: { count: volumes } };
    change(this.#context, "csinodes", { ...csiNode, spec: { drivers: [driver] } });
  }
}
