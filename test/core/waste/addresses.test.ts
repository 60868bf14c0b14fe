import { describe, expect, it } from "@jest/globals";
import type { OwnAddress, OwnInterface } from "../../../core/model/waste/address.ts";
import type { Inventory } from "../../../core/waste/inventory.ts";
import { address, judge, nothing, standingOf, volume } from "./samples.ts";

const id = address().allocationId;

const listed = (one: OwnAddress, rest: Partial<Inventory["addresses"]> = {}) => ({
  addresses: { ...nothing.addresses, addresses: [one], ...rest },
});

const unassociated = (rest: Partial<OwnAddress>, more: Partial<Inventory["addresses"]> = {}) =>
  standingOf(listed(address(rest), more), { kind: "UNASSOCIATED_ADDRESS", id });

describe("an address that nothing has", () => {
  it("looks like waste, at its price by the hour", () => {
    const [found] = judge(listed(address()));
    expect(found?.judgement.kind).toBe("IDLE");
    expect(found?.cost).toEqual({ monthlyUsd: 3.65, pricedAt: "2026-02-20T09:00:00.000Z" });
  });

  it.each<[string, Partial<OwnAddress>, string]>([
    ["is used where it is associated", { associationId: "eipassoc-1" }, "USED"],
    [
      "of a service is never listed, not even without an association",
      { serviceManaged: "rnat" },
      "SERVICE",
    ],
    [
      "of a pool that the customer has brought costs nothing",
      { publicIpv4Pool: "ipv4pool-ec2-1" },
      "BROUGHT_POOL",
    ],
    ["of an Outpost stays", { customerOwnedIp: "203.0.113.1" }, "OUTPOST"],
    ["of a carrier stays", { carrierIp: "203.0.113.1" }, "CARRIER"],
    [
      "of a CloudFormation stack stays",
      { tags: { "aws:cloudformation:stack-id": "arn" } },
      "STACK",
    ],
    ["of Terraform stays", { tags: { ManagedBy: "Terraform" } }, "CODE"],
    ["with our claim stays", { tags: { "spot-optimizer:claim": "dpl-1#4" } }, "OURS"],
  ])("%s", (_, rest, standing) => {
    expect(unassociated(rest)).toBe(standing);
  });

  it("stays while it is being given to another account", () => {
    const transfers = [{ allocationId: id, status: "pending" }];
    expect(unassociated({}, { transfers })).toBe("TRANSFER");
    expect(unassociated({}, { transfers: [{ allocationId: id, status: "disabled" }] })).toBe(
      "IDLE",
    );
  });

  it("stays where reverse DNS names it: a mail host's", () => {
    expect(unassociated({}, { reverseNames: new Map([[id, "mail.example.com."]]) })).toBe(
      "REVERSE_NAME",
    );
  });

  it("stays while an evaluation names it", () => {
    const claimedIds = new Set([id]);
    expect(
      standingOf(listed(address()), { kind: "UNASSOCIATED_ADDRESS", id }, { claimedIds }),
    ).toBe("EVALUATION");
  });
});

describe("an address that something idle has", () => {
  const eni: OwnInterface = {
    networkInterfaceId: "eni-1",
    status: "available",
    interfaceType: "interface",
    ownerId: "444455556666",
    isRequesterManaged: false,
    isOperatorManaged: false,
    publicIps: [],
    tags: {},
  };
  const held = { associationId: "eipassoc-1", networkInterfaceId: "eni-1" };
  const standing = (rest: Partial<OwnAddress>, interfaces: readonly OwnInterface[]) =>
    standingOf(
      { ...listed(address({ ...held, ...rest })), interfaces },
      { kind: "IDLE_ADDRESS", id },
    );

  it.each<[string, Partial<OwnAddress>, Partial<OwnInterface>, string]>([
    ["is told where its interface is not used", {}, {}, "IDLE"],
    ["is used where its interface is", {}, { status: "in-use" }, "USED"],
    [
      "is not ours to judge where its interface is another account's",
      { networkInterfaceOwnerId: "999900001111" },
      {},
      "SERVICE",
    ],
    [
      "is not ours to judge where a service asked for its interface",
      {},
      { isRequesterManaged: true },
      "SERVICE",
    ],
    [
      "is not ours to judge where its interface is a NAT gateway's",
      {},
      { interfaceType: "natGateway" },
      "SERVICE",
    ],
  ])("%s", (_, one, other, expected) => {
    expect(standing(one, [{ ...eni, ...other }])).toBe(expected);
  });

  it("of a stopped instance is told, and counts with the instance once", () => {
    const one = address({ ...held, instanceId: "i-1" });
    const stopped = [
      {
        instanceId: "i-1",
        instanceType: "m5.large",
        volumeIds: [volume().volumeId],
        isOperatorManaged: false,
        canHibernate: false,
        isReservationTarget: false,
        tags: {},
      },
    ];
    const found = judge({ ...listed(one), stopped, volumes: [volume({ state: "in-use" })] });
    const byKind = new Map(found.map((each) => [each.kind, each]));
    const idle = byKind.get("IDLE_ADDRESS");
    expect(idle?.judgement).toMatchObject({ kind: "IDLE", waste: { countedWith: "i-1" } });
    // 100 GB of gp3 at $0.08, and an address at $0.005 an hour.
    expect(byKind.get("STOPPED_INSTANCE")?.cost?.monthlyUsd).toBe(11.65);
  });
});
