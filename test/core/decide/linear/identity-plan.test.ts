import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { planIdentity, stagesOf } from "../../../../core/decide/linear/identity-plan.ts";
import type { InstanceFacts } from "../../../../core/model/instance.ts";
import { consistencySchema } from "../../../../core/policy/linear.ts";
import {
  dataVolume,
  openPolicy,
  plainInstance,
  primaryEni,
  rootVolume,
  secondaryEni,
} from "./eligible-facts.ts";
import { fullInstance, replacement, webGroup } from "./full-instance.ts";

const plan = (instance: InstanceFacts, policy = openPolicy(), to = replacement) =>
  planIdentity({ instance, replacement: to, policy });
const idsOf = (instance: InstanceFacts, policy = openPolicy()) =>
  plan(instance, policy).map((move) => move.id);

const from = fullInstance.instanceId;
const to = replacement.instanceId;

describe("the identity plan", () => {
  it("moves volumes, interfaces, private addresses, target groups, and the Elastic IPs last", () => {
    expect(plan(fullInstance)).toEqual([
      {
        id: "move-volume-vol-data",
        change: {
          kind: "MOVE_VOLUME",
          volumeId: "vol-data",
          fromInstanceId: from,
          toInstanceId: to,
          deviceName: "/dev/sdf",
          deleteOnTermination: false,
        },
      },
      {
        id: "move-interface-eni-1",
        change: {
          kind: "MOVE_INTERFACE",
          networkInterfaceId: "eni-1",
          fromInstanceId: from,
          toInstanceId: to,
          deviceIndex: 1,
          deleteOnTermination: false,
        },
      },
      {
        id: "move-private-ips-eni-0",
        change: {
          kind: "MOVE_PRIVATE_IPS",
          privateIps: ["10.0.0.11", "10.0.0.12"],
          fromInterfaceId: "eni-0",
          toInterfaceId: "eni-new",
        },
      },
      {
        id: "move-target-group-web-73e2d6bc24d8a067-80",
        change: {
          kind: "MOVE_TARGET_GROUP",
          targetGroupArn: webGroup,
          port: 80,
          fromInstanceId: from,
          toInstanceId: to,
        },
      },
      {
        id: "move-address-eipalloc-eni1",
        change: {
          kind: "MOVE_ADDRESS",
          allocationId: "eipalloc-eni1",
          fromInterfaceId: "eni-1",
          fromPrivateIp: "10.0.0.20",
          toInterfaceId: "eni-1",
          toPrivateIp: "10.0.0.20",
        },
      },
      {
        id: "move-address-eipalloc-second",
        change: {
          kind: "MOVE_ADDRESS",
          allocationId: "eipalloc-second",
          fromInterfaceId: "eni-0",
          fromPrivateIp: "10.0.0.12",
          toInterfaceId: "eni-new",
          toPrivateIp: "10.0.0.12",
        },
      },
      {
        id: "move-address-eipalloc-main",
        change: {
          kind: "MOVE_ADDRESS",
          allocationId: "eipalloc-main",
          fromInterfaceId: "eni-0",
          fromPrivateIp: "10.0.0.10",
          toInterfaceId: "eni-new",
          toPrivateIp: "10.0.0.99",
        },
      },
    ]);
  });
});

describe("the identity plan of parts", () => {
  it("moves nothing of an instance that has nothing", () => {
    expect(plan(plainInstance)).toEqual([]);
  });

  it.each([
    ["stateless", []],
    ["stop-and-image", ["move-volume-vol-data"]],
    ["move-volumes", ["move-volume-vol-data"]],
  ] as const)("carries with consistency %s the volumes %j", (consistency, ids) => {
    const instance = { ...plainInstance, volumes: [rootVolume, dataVolume] };
    expect(idsOf(instance, openPolicy({ consistency }))).toEqual(ids);
  });

  it("expects an Elastic IP where the secondary interface or private address takes it that it is bound to", () => {
    const places = plan(fullInstance).flatMap(({ change }) =>
      change.kind === "MOVE_ADDRESS"
        ? [`${change.allocationId} ${change.toInterfaceId} ${change.toPrivateIp}`]
        : [],
    );
    expect(places).toEqual([
      "eipalloc-eni1 eni-1 10.0.0.20",
      "eipalloc-second eni-new 10.0.0.12",
      "eipalloc-main eni-new 10.0.0.99",
    ]);
  });

  it("orders by device name and index, not by EC2's listing", () => {
    const secondary = { ...secondaryEni, privateAddresses: [] };
    const instance = {
      ...plainInstance,
      volumes: [{ ...dataVolume, volumeId: "vol-g", deviceName: "/dev/sdg" }, dataVolume],
      networkInterfaces: [
        { ...secondary, networkInterfaceId: "eni-2", deviceIndex: 2 },
        secondary,
        primaryEni,
      ],
    };
    expect(idsOf(instance)).toEqual([
      "move-volume-vol-data",
      "move-volume-vol-g",
      "move-interface-eni-1",
      "move-interface-eni-2",
    ]);
  });

  it("tells two ports and two groups of one name apart", () => {
    const other = webGroup.replace("73e2d6bc24d8a067", "0000000000000001");
    const targetGroups = [
      { arn: webGroup, port: 80 },
      { arn: webGroup, port: 8080 },
      { arn: other, port: 80 },
    ];
    expect(new Set(idsOf({ ...plainInstance, targetGroups })).size).toBe(3);
  });

  it("asks again when EC2 does not show the replacement's primary interface yet", () => {
    const blind = { ...replacement, networkInterfaces: [] };
    expect(() => plan(fullInstance, openPolicy(), blind)).toThrow(
      expect.objectContaining({ name: "RetryableNotVisible", resource: to }),
    );
    const bare = { ...replacement, networkInterfaces: [{ ...primaryEni, privateAddresses: [] }] };
    expect(() => plan(fullInstance, openPolicy(), bare)).toThrow(
      expect.objectContaining({ name: "RetryableNotVisible" }),
    );
  });
});

const kinds = [
  "MOVE_VOLUME",
  "MOVE_INTERFACE",
  "MOVE_PRIVATE_IPS",
  "MOVE_TARGET_GROUP",
  "MOVE_ADDRESS",
];

const withParts = (parts: {
  readonly devices: readonly string[];
  readonly indexes: readonly number[];
  readonly hosts: readonly number[];
}): InstanceFacts => ({
  ...fullInstance,
  volumes: [
    rootVolume,
    ...parts.devices.map((letter) => ({
      ...dataVolume,
      volumeId: `vol-${letter}`,
      deviceName: `/dev/sd${letter}`,
    })),
  ],
  networkInterfaces: [
    {
      ...primaryEni,
      privateAddresses: [
        { privateIp: "10.0.0.10", primary: true, allocationId: "eipalloc-main" },
        ...parts.hosts.map((host) => ({ privateIp: `10.0.0.${String(host)}`, primary: false })),
      ],
    },
    ...parts.indexes.map((deviceIndex) => ({
      ...secondaryEni,
      networkInterfaceId: `eni-${String(deviceIndex)}`,
      deviceIndex,
      privateAddresses: [
        {
          privateIp: `10.0.1.${String(deviceIndex)}`,
          primary: true,
          allocationId: `eipalloc-${String(deviceIndex)}`,
        },
      ],
    })),
  ],
});

describe("the identity plan, whatever the instance has", () => {
  const parts = fc.record({
    devices: fc.uniqueArray(fc.constantFrom("f", "g", "h", "i", "j")),
    indexes: fc.uniqueArray(fc.integer({ min: 1, max: 7 })),
    hosts: fc.uniqueArray(fc.integer({ min: 20, max: 29 })),
  });

  it("has unique ids, keeps to its order, and never touches the root or the primary interface", () => {
    fc.assert(
      fc.property(parts, fc.constantFrom(...consistencySchema.options), (drawn, consistency) => {
        const instance = withParts(drawn);
        const moves = plan(instance, openPolicy({ consistency }));
        const ids = moves.map((move) => move.id);
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids).not.toContain("move-volume-vol-root");
        expect(ids).not.toContain("move-interface-eni-0");
        const ranks = moves.map((move) => kinds.indexOf(move.change.kind));
        expect(ranks).toEqual([...ranks].sort((one, other) => one - other));
        expect(ids.at(-1)).toBe("move-address-eipalloc-main");
        expect(plan(instance, openPolicy({ consistency }))).toEqual(moves);
      }),
    );
  });
});

describe("what moves at the same time", () => {
  it("is all that can be attached, then private addresses, target groups, and the Elastic IPs last", () => {
    const stages = stagesOf(plan(fullInstance)).map((stage) =>
      stage.map(({ change }) => change.kind),
    );
    expect(stages).toEqual([
      ["MOVE_VOLUME", "MOVE_INTERFACE"],
      ["MOVE_PRIVATE_IPS"],
      ["MOVE_TARGET_GROUP"],
      ["MOVE_ADDRESS", "MOVE_ADDRESS", "MOVE_ADDRESS"],
    ]);
  });

  it("is nothing of what there is none of, and leaves nothing out", () => {
    const moves = plan(plainInstance);
    const stages = stagesOf(moves);
    expect(stages.every((stage) => stage.length > 0)).toBe(true);
    expect(stages.flat()).toEqual(moves);
  });
});
