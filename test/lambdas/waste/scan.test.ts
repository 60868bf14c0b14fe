import { describe, expect, it } from "@jest/globals";
import { accountIdSchema } from "../../../core/model/ids.ts";
import { readOutbox } from "../../../adapters/store/outbox.ts";
import { setWasteSettings } from "../../../adapters/store/waste-settings.ts";
import { refusals } from "../../../local/lab/harm.ts";
import { dayMs, openWasteLab, type WasteLab } from "./waste-lab.ts";

const shownIds = async (lab: WasteLab): Promise<readonly string[]> =>
  (await lab.list("?limit=100")).items.map(({ resource_id: id }) => id);

const refuse = ({ account }: WasteLab, operation: string): (() => void) =>
  account.platform.cloud.faults.before((call) => {
    if (call.operation === operation) throw refusals.unauthorized();
  });

describe("the waste scanner", () => {
  it("is off until the account's owner turns it on", async () => {
    const lab = await openWasteLab({ isOn: false });
    lab.control.addAddress(lab.place);
    expect(await lab.scan()).toContain("0 places read");
    expect((await lab.send("GET", `/accounts/${lab.place.accountId}/waste`)).body).toEqual({
      enabled: false,
    });
  });

  it("offers an address after seven days and a volume after fourteen, by its own sight, and changes nothing", async () => {
    const lab = await openWasteLab();
    const address = lab.control.addAddress({ ...lab.place, tags: { Owner: "shop" } });
    const volume = lab.control.addVolume(lab.place);
    await lab.scan();
    await lab.scanDays(6);
    expect(await shownIds(lab)).toEqual([]);
    await lab.scanDays(1);
    expect(await shownIds(lab)).toEqual([address]);
    await lab.scanDays(7);
    const { items, total } = await lab.list();
    expect(items).toMatchObject([
      { resource_id: volume, status: "OFFERED", days: 14 },
      { resource_id: address, status: "OFFERED", owner: "shop", approvers_needed: 2 },
    ]);
    expect(items[1]?.effect).toContain("irreversible");
    expect(total).toMatchObject({ findings: 2, unpriced: 0 });
    expect(total?.monthly_usd).toBeGreaterThan(3.65);
    const { values: told } = await readOutbox(lab.account.table, { limit: 50 });
    expect(told.at(-1)?.notice).toMatchObject({
      kind: "WASTE_FOUND",
      figures: { findings: 2, monthly_usd: total?.monthly_usd },
    });
    expect(lab.changes()).toEqual([]);
  });

  it("`ServiceManaged=rnat` address without AssociationId: never listed.", async () => {
    const lab = await openWasteLab();
    lab.control.addAddress({ ...lab.place, traits: { serviceManaged: "rnat" } });
    await lab.scan();
    await lab.scanDays(8);
    expect(await shownIds(lab)).toEqual([]);
  });

  it("lists the best find first, and what is told alone beside what is offered", async () => {
    const lab = await openWasteLab();
    const snapshotId = lab.control.addSnapshot({ ...lab.place, ageDays: 10 });
    const zone = lab.control.addFastRestore({ ...lab.place, snapshotId, days: 60 });
    lab.control.addAddress(lab.place);
    await lab.scan();
    await lab.scanDays(7);
    const { items } = await lab.list();
    expect(items.map(({ kind }) => kind)).toEqual([
      "FAST_SNAPSHOT_RESTORE",
      "UNASSOCIATED_ADDRESS",
    ]);
    expect(items[0]?.resource_id).toBe(`${snapshotId}/${zone}`);
    expect(items[0]?.monthly_usd).toBeGreaterThan(500);
  });

  it("offers old snapshots and images at its first reading: AWS tells their age", async () => {
    const lab = await openWasteLab();
    const volumeId = lab.control.addVolume({ ...lab.place, tags: { CSIVolumeName: "pvc-1" } });
    const old = lab.control.addSnapshot({ ...lab.place, volumeId, ageDays: 400 });
    const images = [1, 2, 3, 4].map((index) =>
      lab.control.addImage({ ...lab.place, name: `web-${String(index)}`, ageDays: 500 - index }),
    );
    await lab.scan();
    const { items } = await lab.list();
    expect(items.map(({ resource_id: id }) => id)).toEqual([old, images[0]]);
  });

  it("Snapshot of a disabled AMI; of a template's block device in version 3 of 40: referenced.", async () => {
    const lab = await openWasteLab();
    const volumeId = lab.control.addVolume({ ...lab.place, tags: { CSIVolumeName: "pvc-1" } });
    const [ofImage = "", ofTemplate = "", free = ""] = [400, 399, 398].map((ageDays) =>
      lab.control.addSnapshot({ ...lab.place, volumeId, ageDays }),
    );
    const ImageId = lab.control.addImage({
      ...lab.place,
      name: "old",
      ageDays: 399,
      snapshotIds: [ofImage],
    });
    await lab.asOwner("DisableImage", { ImageId });
    const LaunchTemplateName = "web";
    const naming = (SnapshotId: string) => ({
      BlockDeviceMappings: [{ DeviceName: "/dev/sdf", Ebs: { SnapshotId } }],
    });
    const other = lab.control.addSnapshot({ ...lab.place, volumeId, ageDays: 1 });
    await lab.asOwner("CreateLaunchTemplate", {
      LaunchTemplateName,
      LaunchTemplateData: naming(other),
    });
    for (let version = 2; version <= 40; version += 1) {
      const LaunchTemplateData = naming(version === 3 ? ofTemplate : other);
      await lab.asOwner("CreateLaunchTemplateVersion", { LaunchTemplateName, LaunchTemplateData });
    }
    await lab.scan();
    expect((await lab.list()).items.map(({ resource_id }) => resource_id)).toEqual([free]);
    expect(await lab.findingOf(ofTemplate)).toMatchObject({
      status: "KEPT",
      reasons: [{ code: "REFERENCED", sentence: expect.stringContaining("Version 3 of") }],
    });
    expect(await lab.findingOf(ofImage)).toBeUndefined();
  });

  it("never offers a volume that a backup plan takes, though it has backed up nothing yet", async () => {
    const lab = await openWasteLab();
    const taken = lab.control.addVolume({ ...lab.place, tags: { backup: "monthly" } });
    const ListOfTags = [
      { ConditionType: "STRINGEQUALS" as const, ConditionKey: "backup", ConditionValue: "monthly" },
    ];
    lab.account.platform.backup.addPlan({
      ...lab.place,
      name: "monthly",
      selection: { ListOfTags },
    });
    const free = lab.control.addVolume(lab.place);
    await lab.scan();
    await lab.scanDays(14);
    expect((await lab.list()).items.map(({ resource_id }) => resource_id)).toEqual([free]);
    expect(await lab.findingOf(taken)).toBeUndefined();
  });

  it("price list absent: findings are there, without a price and never with a guess", async () => {
    const lab = await openWasteLab();
    lab.account.platform.cloud.faults.before((call) => {
      if (call.operation === "GetProducts") throw refusals.unavailable();
    });
    lab.control.addAddress(lab.place);
    await lab.scan();
    await lab.scanDays(7);
    const { items, total } = await lab.list();
    expect(items).toHaveLength(1);
    expect(items[0]).not.toHaveProperty("monthly_usd");
    expect(total).toEqual({ findings: 1, monthly_usd: 0, unpriced: 1 });
  });

  it("concludes nothing of a kind for which something was not read, and goes on with the others", async () => {
    const lab = await openWasteLab();
    const volume = lab.control.addVolume(lab.place);
    const address = lab.control.addAddress(lab.place);
    await lab.scan();
    await lab.scanDays(6);
    const restore = refuse(lab, "DescribeAddresses");
    await lab.scanDays(1);
    restore();
    expect(await lab.findingOf(address)).toMatchObject({ status: "SEEN", days: 6 });
    expect(await lab.findingOf(volume)).toMatchObject({ status: "SEEN", days: 7 });
    await lab.scanDays(1);
    expect(await lab.findingOf(address)).toMatchObject({ status: "OFFERED" });
  });

  it("Volume attached for one hour between two daily readings: metric datapoint resets its days.", async () => {
    const lab = await openWasteLab();
    const volume = lab.control.addVolume(lab.place);
    await lab.scan();
    await lab.scanDays(5);
    lab.account.platform.monitoring.addMetric({
      ...lab.place,
      namespace: "AWS/EBS",
      metric: "VolumeIdleTime",
      dimensions: { VolumeId: volume },
      lastingMs: 3_600_000,
      value: 300,
    });
    await lab.scanDays(9);
    expect(await lab.findingOf(volume)).toMatchObject({ status: "SEEN", days: 0 });
  });

  it("closes what is used again, and says so", async () => {
    const lab = await openWasteLab();
    const address = lab.control.addAddress(lab.place);
    await lab.scan();
    await lab.scanDays(7);
    lab.control.addInterface({ ...lab.place, allocationId: address });
    await lab.scanDays(1);
    expect(await lab.findingOf(address)).toMatchObject({
      status: "SEEN",
      kind: "IDLE_ADDRESS",
    });
    const { items } = await lab.list("?status=CLOSED");
    expect(items).toMatchObject([{ resource_id: address, closed: { why: "It is associated." } }]);
  });

  it("leaves alone what a person has dismissed, until its time", async () => {
    const lab = await openWasteLab();
    const address = lab.control.addAddress(lab.place);
    await lab.scan();
    await lab.scanDays(7);
    const [finding] = (await lab.list()).items;
    const path = `/waste/${finding?.finding_id ?? ""}/dismiss`;
    const until = new Date(lab.account.clock.now() + 10 * dayMs).toISOString();
    const dismissed = await lab.send("POST", path, { reason: "For the fair", until }, "ada");
    expect(dismissed).toMatchObject({ status: 200, body: { status: "DISMISSED" } });
    await lab.scanDays(9);
    expect(await shownIds(lab)).toEqual([]);
    await lab.scanDays(1);
    expect(await lab.findingOf(address)).toMatchObject({ status: "SEEN", days: 0 });
    await lab.scanDays(7);
    expect(await shownIds(lab)).toEqual([address]);
  });

  it("reads each place once a day, and again within an hour where something could not be read", async () => {
    const lab = await openWasteLab();
    expect(await lab.scan()).toContain("1 places read");
    expect(await lab.scan()).toContain("0 places read");
    await lab.pass(dayMs);
    const restore = refuse(lab, "DescribeAddresses");
    expect(await lab.scan()).toContain("1 places read");
    restore();
    await lab.pass(3_600_000);
    expect(await lab.scan()).toContain("1 places read");
  });

  it("counts days anew once the days were raised", async () => {
    const lab = await openWasteLab();
    lab.control.addAddress(lab.place);
    await lab.scan();
    await lab.scanDays(7);
    expect(await shownIds(lab)).toHaveLength(1);
    await setWasteSettings(lab.account.table, accountIdSchema.parse(lab.place.accountId), {
      enabled: true,
      days: { UNASSOCIATED_ADDRESS: 20 },
      updatedAt: new Date(lab.account.clock.now()).toISOString(),
    });
    await lab.scanDays(1);
    expect(await shownIds(lab)).toEqual([]);
  });
});
