import { describe, expect, it } from "@jest/globals";
import {
  lackOf,
  needsOf,
  roomOfNode,
  roomOfType,
} from "../../../../core/decide/kubernetes/needs.ts";
import type { InstanceTypeFacts } from "../../../../core/model/market.ts";
import { m5Large } from "../linear/eligible-facts.ts";
import { at } from "./objects.ts";
import { plainView, podOn } from "./plain-nodes.ts";

const gib = 1024 ** 3;
const m5Xlarge: InstanceTypeFacts = {
  ...m5Large,
  instanceType: "m5.xlarge",
  vcpu: 4,
  memoryMib: 16_384,
  maxNetworkInterfaces: 4,
  ipv4PerInterface: 15,
  attachments: { volumes: 28, isShared: true },
};
/** As amazon-eks-ami reckons it for an m5.large. */
const node = { allocatable: { cpu: 1.93, memory: 7_244_660_736, pods: 29 } };
const csiNode = {
  nodeName: "node-1",
  drivers: [{ name: "ebs.csi.aws.com", count: 25 }, { name: "efs.csi.aws.com" }],
};
const roomOn = (type: InstanceTypeFacts, pods = 29) =>
  roomOfType(type, {
    own: m5Large,
    node: { allocatable: { ...node.allocatable, pods } },
    csiNode,
  });

const withRequests = (requests: Readonly<Record<string, number>>) => ({
  placement: { tolerations: [], topologySpread: [], hostPorts: [], requests },
});

describe("the needs of a node's pods", () => {
  it("are summed, DaemonSets and mirrors included; what is over or terminates is not", () => {
    const pods = [
      podOn(1, withRequests({ cpu: 0.5, memory: gib })),
      podOn(1, { name: "agent", ...withRequests({ cpu: 0.1 }) }),
      podOn(1, { name: "done", phase: "Succeeded", ...withRequests({ cpu: 1 }) }),
      podOn(1, { name: "going", deletionTimestamp: at(9), ...withRequests({ cpu: 1 }) }),
      podOn(2, withRequests({ cpu: 1 })),
    ];
    expect(needsOf("node-1", { ...plainView, pods })).toEqual({ cpu: 0.6, memory: gib, pods: 2 });
  });

  it("count each volume once, by driver", () => {
    const volumes = { claims: ["data"], hasEmptyDir: false, hostPaths: [] };
    const pods = [podOn(1, { volumes }), podOn(1, { name: "web-9", volumes })];
    const view = {
      ...plainView,
      pods,
      volumes: [
        {
          name: "pv-1",
          driver: "ebs.csi.aws.com",
          claim: { namespace: "shop", name: "data" },
          isOnNode: false,
          nodeSelectorTerms: [],
        },
      ],
    };
    expect(needsOf("node-1", view)).toMatchObject({ "volumes of ebs.csi.aws.com": 1 });
  });
});

describe("the room of an instance type", () => {
  it("of the node's own type is what the node has told", () => {
    expect(roomOn(m5Large)).toEqual({
      ...node.allocatable,
      "volumes of ebs.csi.aws.com": 25,
      "volumes of efs.csi.aws.com": Infinity,
    });
    expect(roomOfNode(node, undefined)).toEqual(node.allocatable);
  });

  it.each<[string, number, number]>([
    ["by the addresses of its interfaces", 29, 58],
    ["by prefixes, where the node has more than its addresses", 110, 110],
    ["that its owner has set lower", 20, 20],
  ])("takes pods %s", (_name, now, expected) => {
    expect(roomOn(m5Xlarge, now)["pods"]).toBe(expected);
  });

  it("keeps what the kubelet, the kernel and the network plug-in keep", () => {
    const room = roomOn(m5Xlarge);
    expect(room["cpu"]).toBeCloseTo(3.92, 5);
    // 16,384 MiB less 7.5 %, less 255 + 11 × 58 and 100 MiB.
    expect((room["memory"] ?? 0) / 1024 ** 2).toBeCloseTo(14_162.2, 1);
    // Root and three further interfaces.
    expect(room["volumes of ebs.csi.aws.com"]).toBe(24);
  });

  it("has nothing of what is not known of it", () => {
    const lack = lackOf({ "vpc.amazonaws.com/efa": 1 }, roomOn(m5Xlarge));
    expect(lack).toContain("is not known to have vpc.amazonaws.com/efa");
    const { attachments: _unknown, ...without } = m5Xlarge;
    const ebs = { "volumes of ebs.csi.aws.com": 1 };
    expect(lackOf(ebs, roomOn(without))).toContain("is not known to have");
  });

  it.each<[string, Readonly<Record<string, number>>, string | undefined]>([
    ["60 pods where 58 go", { pods: 60 }, "has 58 pods, and its pods need 60 pods"],
    ["25 volumes where 24 attach", { "volumes of ebs.csi.aws.com": 25 }, "has 24 volumes of ebs"],
    ["more cores", { cpu: 4 }, "has 3.92 cores, and its pods need 4 cores"],
    ["what fits", { cpu: 3.9, memory: 13 * gib, pods: 58 }, undefined],
  ])("is too small for %s", (_name, needs, told) => {
    const lack = lackOf(needs, roomOn(m5Xlarge));
    expect(lack?.slice(0, told?.length)).toBe(told);
  });
});
