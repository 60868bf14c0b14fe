import { describe, expect, it } from "@jest/globals";
import { listAudit } from "../../../adapters/store/audit.ts";
import { voidApprovals } from "../../../adapters/store/approval-settings.ts";
import type { WasteFindingJson } from "../../../lambdas/api/schemas/waste.ts";
import { refusals } from "../../../local/lab/harm.ts";
import { dayMs, openWasteLab, type WasteLab } from "./waste-lab.ts";

const problemOf = ({ body }: { readonly body: unknown }): string =>
  (body as { type: string }).type.replace("urn:spot-optimizer:problem:", "");

const readingOf: Readonly<Record<string, readonly [string, string]>> = {
  vol: ["DescribeVolumes", "volume-id"],
  snap: ["DescribeSnapshots", "snapshot-id"],
  eipalloc: ["DescribeAddresses", "allocation-id"],
};

/** As its owner sees it. */
const isThere = async (lab: WasteLab, id: string): Promise<boolean> => {
  const [operation = "", filter = ""] = readingOf[id.split("-")[0] ?? ""] ?? [];
  const answer = await lab.asOwner(operation, { Filters: [{ Name: filter, Values: [id] }] });
  return JSON.stringify(answer).includes(id);
};

const offerVolume = async (): Promise<{
  lab: WasteLab;
  volume: string;
  finding: WasteFindingJson;
}> => {
  const lab = await openWasteLab();
  const volume = lab.control.addVolume(lab.place);
  await lab.scan();
  await lab.scanDays(14);
  return { lab, volume, finding: await lab.offered("UNATTACHED_VOLUME") };
};

const offerAddress = async (): Promise<{
  lab: WasteLab;
  address: string;
  finding: WasteFindingJson;
}> => {
  const lab = await openWasteLab();
  const address = lab.control.addAddress(lab.place);
  await lab.scan();
  await lab.scanDays(7);
  return { lab, address, finding: await lab.offered("UNASSOCIATED_ADDRESS") };
};

const asksApproval = async ({ send }: WasteLab): Promise<readonly { status: string }[]> =>
  ((await send("GET", "/approvals")).body as { items: { status: string }[] }).items;

describe("a deletion that persons have agreed to", () => {
  it("of a volume makes a snapshot, waits for it, marks and deletes the volume, and keeps it in the bin", async () => {
    const { lab, volume, finding } = await offerVolume();
    await lab.carryOut();
    expect(lab.changes()).toEqual([]);
    expect(await lab.approve(finding)).toBe(200);
    await lab.carryOut(6);
    expect(lab.changes()).toEqual(["CreateSnapshot", "CreateTags", "DeleteVolume"]);
    const deleted = await lab.findingOf(volume);
    expect(deleted).toMatchObject({
      status: "DELETED",
      deletion: { snapshot_id: expect.any(String) },
    });
    const deletedAt = Date.parse(deleted?.deletion?.deleted_at ?? "");
    // The template's rule keeps volumes a week; the snapshot stays for thirty days, and costs on.
    expect(deleted?.deletion?.bin_exits_at).toBeDefined();
    expect(Date.parse(deleted?.deletion?.saves_from ?? "")).toBe(deletedAt + 30 * dayMs);
    expect(await isThere(lab, deleted?.deletion?.snapshot_id ?? "")).toBe(true);
    expect(await asksApproval(lab)).toMatchObject([{ status: "CONSUMED" }]);
  });

  it("ends the snapshot that it made once its days are over", async () => {
    const { lab, volume, finding } = await offerVolume();
    await lab.approve(finding);
    await lab.carryOut(6);
    const snapshotId = (await lab.findingOf(volume))?.deletion?.snapshot_id ?? "";
    await lab.pass(30 * dayMs);
    lab.changes();
    await lab.carryOut();
    expect(lab.changes()).toEqual(["CreateTags", "DeleteSnapshot"]);
    expect(await isThere(lab, snapshotId)).toBe(false);
    expect(await lab.findingOf(volume)).toMatchObject({ status: "DELETED", closed: {} });
  });

  it("claims the snapshot that it made, and no other that carries its tags", async () => {
    const { lab, volume, finding } = await offerVolume();
    await lab.approve(finding);
    await lab.carryOut(6);
    const snapshotId = (await lab.findingOf(volume))?.deletion?.snapshot_id ?? "";
    const { Snapshots } = (await lab.asOwner("DescribeSnapshots", {
      SnapshotIds: [snapshotId],
    })) as {
      readonly Snapshots: readonly { readonly Tags: readonly { Key: string; Value: string }[] }[];
    };
    const tags = Object.fromEntries(
      (Snapshots[0]?.Tags ?? []).map(({ Key, Value }) => [Key, Value]),
    );
    const copied = lab.control.addSnapshot({ ...lab.place, ageDays: 1, tags });
    const unclaimed = async (): Promise<readonly string[]> => {
      await lab.pass(7 * 3_600_000);
      await lab.account.platform.functions.invoke("schedule-find-unclaimed", {});
      const { body } = await lab.send("GET", "/unclaimed-resources");
      return (body as { items: readonly { id: string }[] }).items.map(({ id }) => id);
    };
    expect(await unclaimed()).toEqual([copied]);
  });

  it("leaves that snapshot where something was made from it", async () => {
    const { lab, volume, finding } = await offerVolume();
    await lab.approve(finding);
    await lab.carryOut(6);
    const snapshotId = (await lab.findingOf(volume))?.deletion?.snapshot_id ?? "";
    const restored = lab.control.addVolume({ ...lab.place, snapshotId });
    await lab.pass(30 * dayMs);
    lab.changes();
    await lab.carryOut();
    expect(lab.changes()).toEqual([]);
    const { closed } = (await lab.findingOf(volume)) ?? {};
    expect(closed?.why).toContain(`volume ${restored} refers to it`);
  });

  it("of an address takes two persons, and is told to be irreversible", async () => {
    const { lab, address, finding } = await offerAddress();
    expect(finding).toMatchObject({ approvers_needed: 2 });
    expect(await lab.approve(finding, "ada")).toBe(200);
    await lab.carryOut(2);
    expect(lab.changes()).toEqual([]);
    expect(await lab.approve(finding, "grace")).toBe(200);
    await lab.carryOut(2);
    expect(lab.changes()).toEqual(["CreateTags", "ReleaseAddress"]);
    expect(await isThere(lab, address)).toBe(false);
    expect(await lab.findingOf(address)).toMatchObject({ status: "DELETED", closed: {} });
  });

  it("Address associated between approval and release: untouched, finding closed, approval CONSUMED without effect.", async () => {
    const { lab, address, finding } = await offerAddress();
    await lab.approve(finding, "ada");
    await lab.approve(finding, "grace");
    lab.control.addInterface({ ...lab.place, allocationId: address });
    await lab.carryOut(3);
    expect(lab.changes()).toEqual([]);
    expect(await isThere(lab, address)).toBe(true);
    const { items } = await lab.list("?status=CLOSED");
    expect(items).toMatchObject([{ resource_id: address, closed: { why: "It is associated." } }]);
    expect(await asksApproval(lab)).toMatchObject([{ status: "CONSUMED" }]);
  });

  it("A volume attached between approval and deletion, or while its snapshot is made: it stays", async () => {
    const { lab, volume, finding } = await offerVolume();
    await lab.approve(finding);
    await lab.carryOut(1);
    expect(lab.changes()).toEqual(["CreateSnapshot"]);
    const instance = lab.control.addInstance({ ...lab.place, instanceType: "m5.large" });
    await lab.pass(dayMs);
    await lab.asOwner("AttachVolume", {
      VolumeId: volume,
      InstanceId: instance,
      Device: "/dev/sdf",
    });
    await lab.carryOut(3);
    expect(lab.changes()).toEqual([]);
    const closed = await lab.findingOf(volume);
    expect(closed).toMatchObject({ status: "CLOSED" });
    expect(closed?.closed?.why).toContain("It is in-use. Its snapshot snap-");
  });

  it("Snapshot before deletion ends `error` (key pending deletion): volume stays, finding says why.", async () => {
    const { lab, volume, finding } = await offerVolume();
    await lab.approve(finding);
    await lab.carryOut(1);
    const snapshotId = (await lab.findingOf(volume))?.deletion?.snapshot_id ?? "";
    lab.account.platform.cloud.faults.after((call, output) => {
      if (call.operation !== "DescribeSnapshots") return;
      for (const one of (output as { Snapshots?: { SnapshotId?: string; State?: string }[] })
        .Snapshots ?? []) {
        if (one.SnapshotId === snapshotId) {
          Object.assign(one, { State: "error", StateMessage: "Given key ID is not accessible" });
        }
      }
    });
    await lab.carryOut(3);
    expect(lab.changes()).toEqual(["CreateSnapshot"]);
    expect(await isThere(lab, volume)).toBe(true);
    const { closed } = (await lab.findingOf(volume)) ?? {};
    expect(closed?.why).toContain("Given key ID is not accessible");
  });

  it("of an image disables it, waits thirty days, marks and deregisters it, and leaves its snapshots", async () => {
    const lab = await openWasteLab();
    const [image = ""] = [1, 2, 3, 4].map((index) =>
      lab.control.addImage({ ...lab.place, name: `web-${String(index)}`, ageDays: 500 - index }),
    );
    await lab.scan();
    await lab.approve(await lab.offered("UNUSED_IMAGE"));
    await lab.carryOut(3);
    expect(lab.changes()).toEqual(["DisableImage"]);
    expect(await lab.findingOf(image)).toMatchObject({ status: "DELETING" });
    await lab.pass(29 * dayMs);
    await lab.carryOut(2);
    expect(lab.changes()).toEqual([]);
    await lab.pass(dayMs);
    await lab.carryOut(3);
    expect(lab.changes()).toEqual(["CreateTags", "DeregisterImage"]);
    const deleted = await lab.findingOf(image);
    expect(deleted).toMatchObject({ status: "DELETED" });
    expect(deleted?.deletion?.bin_exits_at).toBeDefined();
  });

  it("of a shared image that nobody uses keeps with whom it was shared: disabling takes that away", async () => {
    const lab = await openWasteLab();
    const sharedWith = [{ UserId: "999900001111" }];
    const [image = ""] = [500, 400, 399, 398].map((ageDays) =>
      lab.control.addImage({ ...lab.place, name: `web-${String(ageDays)}`, ageDays, sharedWith }),
    );
    await lab.scan();
    expect((await lab.findingOf(image))?.reasons).toMatchObject([{ code: "SHARED" }]);
    // The report that EC2 was asked for is there by the next look.
    await lab.scanDays(8);
    await lab.approve(await lab.offered("UNUSED_IMAGE"));
    lab.changes();
    await lab.carryOut(2);
    expect(lab.changes()).toEqual(["DisableImage"]);
    expect((await lab.findingOf(image))?.deletion?.before).toContain("shared with 999900001111");
  });

  it("of an image that was enabled again meanwhile goes no further", async () => {
    const lab = await openWasteLab();
    const [image = ""] = [1, 2, 3, 4].map((index) =>
      lab.control.addImage({ ...lab.place, name: `web-${String(index)}`, ageDays: 500 - index }),
    );
    await lab.scan();
    await lab.approve(await lab.offered("UNUSED_IMAGE"));
    await lab.carryOut(2);
    await lab.asOwner("EnableImage", { ImageId: image });
    await lab.pass(30 * dayMs);
    lab.changes();
    await lab.carryOut(2);
    expect(lab.changes()).toEqual([]);
    expect((await lab.findingOf(image))?.closed?.why).toContain("enabled again");
  });

  it("of a snapshot marks and deletes it; a snapshot of an image that was registered meanwhile stays", async () => {
    const lab = await openWasteLab();
    const volumeId = lab.control.addVolume({ ...lab.place, tags: { CSIVolumeName: "pvc-1" } });
    const [first = "", second = ""] = [400, 300].map((ageDays) =>
      lab.control.addSnapshot({ ...lab.place, volumeId, ageDays }),
    );
    await lab.scan();
    for (const finding of (await lab.list()).items) await lab.approve(finding);
    lab.control.addImage({ ...lab.place, name: "new", ageDays: 0, snapshotIds: [second] });
    await lab.carryOut(2);
    expect(lab.changes()).toEqual(["CreateTags", "DeleteSnapshot"]);
    expect(await lab.findingOf(first)).toMatchObject({ status: "DELETED" });
    expect((await lab.findingOf(second))?.closed?.why).toContain("refers to it");
  });

  it("of several snapshots of a volume ends the oldest first, whichever was agreed to first", async () => {
    const lab = await openWasteLab();
    const volumeId = lab.control.addVolume({ ...lab.place, tags: { CSIVolumeName: "pvc-1" } });
    const ids = [400, 300, 200].map((ageDays) =>
      lab.control.addSnapshot({ ...lab.place, volumeId, ageDays }),
    );
    await lab.scan();
    for (const id of ids.toReversed()) {
      const finding = await lab.findingOf(id);
      if (finding !== undefined) await lab.approve(finding);
    }
    const before = lab.account.platform.cloud.journal.length;
    await lab.carryOut(4);
    const ended = lab.account.platform.cloud.journal
      .slice(before)
      .filter(({ operation }) => operation === "DeleteSnapshot")
      .map(({ input }) => (input as { SnapshotId: string }).SnapshotId);
    expect(ended).toEqual(ids);
  });

  it("of a fast snapshot restore turns it off, and leaves the snapshot", async () => {
    const lab = await openWasteLab();
    const snapshotId = lab.control.addSnapshot({ ...lab.place, ageDays: 10 });
    lab.control.addFastRestore({ ...lab.place, snapshotId, days: 60 });
    await lab.scan();
    await lab.scanDays(7);
    await lab.approve(await lab.offered("FAST_SNAPSHOT_RESTORE"));
    await lab.carryOut(2);
    expect(lab.changes()).toEqual(["DisableFastSnapshotRestores"]);
    expect(await isThere(lab, snapshotId)).toBe(true);
  });

  it("Customer's region-level bin rule 365 d: our deletion shown as costing on; saving 0 until exit.", async () => {
    const lab = await openWasteLab();
    const volumeId = lab.control.addVolume({ ...lab.place, tags: { CSIVolumeName: "pvc-1" } });
    const snapshot = lab.control.addSnapshot({ ...lab.place, volumeId, ageDays: 400 });
    lab.control.addBinRule(lab.place, { kind: "snapshot", days: 365 });
    await lab.scan();
    await lab.approve(await lab.offered("OLD_SNAPSHOT"));
    await lab.carryOut(2);
    const { deletion } = (await lab.findingOf(snapshot)) ?? {};
    const exits = Date.parse(deletion?.bin_exits_at ?? "");
    expect(exits - lab.account.clock.now()).toBeGreaterThan(364 * dayMs);
    expect(deletion?.saves_from).toBe(deletion?.bin_exits_at);
  });
});

describe("an agreement to a deletion", () => {
  it("replayed is refused: what was agreed to is used once", async () => {
    const { lab, finding } = await offerVolume();
    expect(await lab.approve(finding)).toBe(200);
    await lab.carryOut(1);
    const again = await lab.send(
      "POST",
      `/waste/${finding.finding_id}/approve`,
      { bounds_hash: finding.bounds_hash },
      "grace",
    );
    expect([again.status, problemOf(again)]).toEqual([409, "conflict"]);
    await lab.carryOut(5);
    expect(lab.changes()).toEqual(["CreateSnapshot", "CreateTags", "DeleteVolume"]);
  });

  it("names the bounds that were shown", async () => {
    const { lab, finding } = await offerVolume();
    const path = `/waste/${finding.finding_id}/approve`;
    const other = await lab.send("POST", path, { bounds_hash: "another" }, "ada");
    expect([other.status, problemOf(other)]).toEqual([409, "bounds-changed"]);
    expect(await asksApproval(lab)).toEqual([]);
  });

  it("is given neither by nobody, nor by who has turned the scanner on", async () => {
    const { lab, finding } = await offerVolume();
    const path = `/waste/${finding.finding_id}/approve`;
    const body = { bounds_hash: finding.bounds_hash };
    const nobody = await lab.send("POST", path, body);
    expect([nobody.status, problemOf(nobody)]).toEqual([403, "not-an-approver"]);
    const own = await lab.send("POST", path, body, "eve");
    expect([own.status, problemOf(own)]).toEqual([403, "own-request"]);
    await lab.carryOut(3);
    expect(lab.changes()).toEqual([]);
  });

  it("outside its bounds by now begins nothing, and is asked for anew once", async () => {
    const { lab, finding } = await offerVolume();
    expect(await lab.approve(finding)).toBe(200);
    const settings = { enabled: true, snapshot_days: 60 };
    await lab.send("PUT", `/accounts/${lab.place.accountId}/waste`, settings, "eve");
    await lab.carryOut(6);
    expect(lab.changes()).toEqual([]);
    expect((await lab.findingOf(finding.resource_id))?.status).toBe("OFFERED");
    const approvals = await asksApproval(lab);
    expect(approvals.map(({ status }) => status)).toEqual(["PENDING", "APPROVED"]);
    expect(approvals[0]).toMatchObject({ because: expect.stringContaining("60 days later") });
    expect(await lab.approve(await lab.offered("UNATTACHED_VOLUME"))).toBe(200);
    await lab.carryOut(6);
    expect(lab.changes()).toEqual(["CreateSnapshot", "CreateTags", "DeleteVolume"]);
  });

  it("is not needed for what is told alone: it is never deleted", async () => {
    const lab = await openWasteLab();
    const address = lab.control.addAddress(lab.place);
    lab.control.addInterface({ ...lab.place, allocationId: address });
    await lab.scan();
    await lab.scanDays(7);
    const [finding] = (await lab.list()).items;
    expect(finding).toMatchObject({ kind: "IDLE_ADDRESS", status: "REPORTED" });
    expect(finding).not.toHaveProperty("bounds_hash");
    const path = `/waste/${finding?.finding_id ?? ""}/approve`;
    expect((await lab.send("POST", path, { bounds_hash: "x" }, "ada")).status).toBe(409);
  });

  it("is void once the state table was restored, and nothing is begun with it", async () => {
    const { lab, finding } = await offerVolume();
    await lab.approve(finding);
    await voidApprovals(lab.account.table, new Date(lab.account.clock.now()).toISOString());
    await lab.carryOut(4);
    expect(lab.changes()).toEqual([]);
    await lab.scanDays(1);
    expect((await lab.list()).items).toEqual([]);
  });
});

describe("what is being deleted", () => {
  it("stops at a kill switch, before each call, and goes on once it is lifted", async () => {
    const { lab, volume, finding } = await offerVolume();
    await lab.approve(finding);
    const kill = (engaged: boolean) =>
      lab.send("PUT", "/kill-switch", { engaged, reason: "drill" }, "ada");
    await kill(true);
    await lab.carryOut(4);
    expect(lab.changes()).toEqual([]);
    await kill(false);
    await lab.carryOut(1);
    await lab.pass(20 * 60_000);
    await lab.carryOut(1);
    expect(lab.changes()).toEqual(["CreateSnapshot"]);
    await kill(true);
    await lab.carryOut(6);
    expect(lab.changes()).toEqual([]);
    await kill(false);
    await lab.carryOut(8);
    expect(await lab.findingOf(volume)).toMatchObject({ status: "DELETED" });
  });

  it("is taken further by one of two runs at once: one snapshot is made, and each call once", async () => {
    const { lab, volume, finding } = await offerVolume();
    await lab.approve(finding);
    await lab.carryOutTwice(6);
    expect(lab.changes()).toEqual(["CreateSnapshot", "CreateTags", "DeleteVolume"]);
    expect(await lab.findingOf(volume)).toMatchObject({ status: "DELETED" });
  });

  it("is left alone by the scanner", async () => {
    const { lab, volume, finding } = await offerVolume();
    await lab.approve(finding);
    await lab.carryOut(1);
    await lab.scanDays(1);
    expect(await lab.findingOf(volume)).toMatchObject({ status: "DELETING" });
  });

  it("loses its mark where it comes into use before AWS has taken the deletion", async () => {
    const { lab, address, finding } = await offerAddress();
    await lab.approve(finding, "ada");
    await lab.approve(finding, "grace");
    const restore = lab.account.platform.cloud.faults.before(({ operation }) => {
      if (operation === "ReleaseAddress") throw refusals.unavailable();
    });
    await lab.carryOut(1);
    restore();
    const shown = async (): Promise<string> =>
      JSON.stringify(await lab.asOwner("DescribeAddresses", { AllocationIds: [address] }));
    expect(await shown()).toContain("spot-optimizer:deleted-by");
    lab.control.addInterface({ ...lab.place, allocationId: address });
    lab.changes();
    await lab.carryOut(5);
    expect(lab.changes()).toEqual(["DeleteTags"]);
    expect(await shown()).not.toContain("spot-optimizer:");
    const { items } = await lab.list("?status=CLOSED");
    expect(items).toMatchObject([{ resource_id: address, closed: { why: "It is associated." } }]);
  });

  it("stops where the account's owner turns the scanner off", async () => {
    const { lab, finding } = await offerVolume();
    await lab.approve(finding);
    await lab.send("PUT", `/accounts/${lab.place.accountId}/waste`, { enabled: false }, "eve");
    await lab.carryOut(3);
    expect(lab.changes()).toEqual([]);
  });

  it("leaves a row in the audit for each call", async () => {
    const { lab, finding } = await offerVolume();
    await lab.approve(finding);
    await lab.carryOut(6);
    const { items } = await listAudit(lab.account.table, { limit: 20 });
    expect(items.map(({ action }) => action)).toEqual(
      expect.arrayContaining([
        "APPROVE_WASTE",
        "WASTE_CREATE_SNAPSHOT",
        "WASTE_TAG",
        "WASTE_DELETE_VOLUME",
      ]),
    );
  });
});
