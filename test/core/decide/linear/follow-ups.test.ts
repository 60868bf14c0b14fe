import { describe, expect, it } from "@jest/globals";
import {
  followUpsOf,
  partsThatStay,
  type AlarmsFound,
  type BackupsFound,
  type RecordsFound,
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

  const tellRecords = (records: RecordsFound): string =>
    followUpsOf({
      original: plainInstance,
      replacement: {
        instanceId: plainInstance.instanceId,
        volumes: [],
        tags: {},
        networkInterfaces: [],
      },
      alarms: noAlarms,
      backups: { kind: "READ", found: [] },
      records,
    }).join(" ");
  const recordNamed = (name: string) => ({ zone: "example.com.", zoneId: "Z1", name, type: "A" });

  it("is told of the records of Route 53 that name it, by record, type and zone", () => {
    const found = [recordNamed("www.example.com."), recordNamed("api.example.com.")];
    const told = tellRecords({ kind: "READ", found, isPart: false });
    expect(told).toContain(
      "www.example.com. A in zone example.com. (Z1), api.example.com. A in zone example.com. (Z1). Change",
    );
    expect(told).not.toContain("than were read");
    expect(tellRecords({ kind: "READ", found: [], isPart: false })).not.toContain("Route 53 name");
  });

  it("is told of twenty records, and how many more there are", () => {
    const found = Array.from({ length: 23 }, (_, index) =>
      recordNamed(`r${String(index)}.example.com.`),
    );
    const told = tellRecords({ kind: "READ", found, isPart: true });
    expect(told).toContain("r19.example.com. A in zone example.com. (Z1), and 3 more.");
    expect(told).toContain("more zones or records of Route 53 than were read");
  });

  it("is told that records could not be read, in AWS's words", () => {
    expect(tellRecords({ kind: "UNREAD", because: "no permission" })).toContain(
      "Records of Route 53 could not be read (no permission)",
    );
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
    expect(told).toContain("DNS of other accounts");
    expect(tell(before, withAddress("10.0.0.10", "198.51.100.99"))).not.toContain(
      "DNS of other accounts",
    );
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
