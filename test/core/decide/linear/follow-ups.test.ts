import { describe, expect, it } from "@jest/globals";
import {
  followUpsOf,
  partsThatStay,
  type AlarmsFound,
  type BackupsFound,
} from "../../../../core/decide/linear/follow-ups.ts";
import type { NetworkInterfaceFacts } from "../../../../core/model/instance.ts";
import { plainInstance, primaryEni } from "./eligible-facts.ts";

const noAlarms: AlarmsFound = { kind: "READ", names: [], isPart: false };

const withAddress = (
  privateIp: string,
  publicIp?: string,
  ipv6Count = 0,
): readonly NetworkInterfaceFacts[] => [
  {
    ...primaryEni,
    ipv6Count,
    privateAddresses: [
      { privateIp, primary: true, ...(publicIp === undefined ? {} : { publicIp }) },
    ],
  },
];

const tell = (
  before: {
    readonly networkInterfaces: readonly NetworkInterfaceFacts[];
    readonly autoAssignedPublicIp?: string;
  },
  after: readonly NetworkInterfaceFacts[],
  alarms: AlarmsFound = noAlarms,
  backups: BackupsFound = { kind: "READ", found: [] },
): string =>
  followUpsOf({
    original: { ...plainInstance, ...before },
    replacement: {
      instanceId: plainInstance.instanceId,
      volumes: [],
      tags: {},
      networkInterfaces: after,
    },
    alarms,
    backups,
  }).join(" ");

describe("what does not follow to the replacement", () => {
  const before = { networkInterfaces: withAddress("10.0.0.10") };

  it("is told of an address that changed, old and new", () => {
    expect(tell(before, withAddress("10.0.0.23"))).toContain("was 10.0.0.10 and is 10.0.0.23");
    expect(tell(before, withAddress("10.0.0.10"))).not.toContain("private address was");
  });

  it("is told of what AWS Backup has, with the last and its vault", () => {
    const found = [
      { name: "i-0a", at: "2026-03-02T08:00:00.000Z", vault: "Default" },
      { name: "vol-1" },
    ];
    const told = tell(before, before.networkInterfaces, noAlarms, { kind: "READ", found });
    expect(told).toContain(
      "points of i-0a, the last of 2026-03-02T08:00:00.000Z in vault Default:",
    );
    expect(told).toContain("points of vol-1: a plan");
    expect(tell(before, before.networkInterfaces)).not.toContain("recovery points");
  });

  it("is told that AWS Backup could not be read, in its words", () => {
    const backups = { kind: "UNREAD", because: "no permission" } as const;
    expect(tell(before, before.networkInterfaces, noAlarms, backups)).toContain(
      "could not be read (no permission)",
    );
  });

  it("asks for the instance and a root that stays, and for no volume that goes along", () => {
    const [root] = plainInstance.volumes.filter(({ isRoot }) => isRoot);
    const without = { instanceId: plainInstance.instanceId, tags: {}, networkInterfaces: [] };
    const names = (volumes: typeof plainInstance.volumes) =>
      partsThatStay(plainInstance, { ...without, volumes }).map(({ name }) => name);
    expect(names([])).toEqual([plainInstance.instanceId, root?.volumeId]);
    expect(names(plainInstance.volumes)).toEqual([plainInstance.instanceId]);
  });

  it("is told of a public address that the subnet had lent, and of DNS", () => {
    const lent = {
      networkInterfaces: withAddress("10.0.0.10", "198.51.100.7"),
      autoAssignedPublicIp: "198.51.100.7",
    };
    const told = tell(lent, withAddress("10.0.0.10", "198.51.100.99"));
    expect(told).toContain("was 198.51.100.7");
    expect(told).toContain("is 198.51.100.99");
    expect(told).toContain("Route 53");
    expect(tell(before, withAddress("10.0.0.10", "198.51.100.99"))).not.toContain("Route 53");
  });

  it("is told of IPv6 addresses", () => {
    const had = { networkInterfaces: withAddress("10.0.0.10", undefined, 2) };
    expect(tell(had, withAddress("10.0.0.10"))).toContain("2 IPv6 address(es)");
  });

  it.each<[AlarmsFound, string]>([
    [{ kind: "READ", names: ["cpu", "disk"], isPart: false }, "(cpu, disk)"],
    [{ kind: "READ", names: [], isPart: true }, "more alarms of CloudWatch than were read"],
    [{ kind: "UNREAD", because: "AccessDenied" }, "could not be read (AccessDenied)"],
  ])("is told of alarms: %j", (alarms, words) => {
    expect(tell(before, before.networkInterfaces, alarms)).toContain(words);
  });

  it("never claims that all was read", () => {
    expect(tell(before, before.networkInterfaces)).toContain("AWS Backup");
  });
});
